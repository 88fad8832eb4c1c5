import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { REASONS, type ReasonCode } from '../../lib/explain/reasons';
import { connectTo, query } from './support/application';
import { HttpCollector } from './support/HttpCollector';
import { startFreshWorkspace } from './support/workspace';

const TOKEN = 'collector-secret-1';
const CALM = { telemetryMaxRetries: 0, telemetryCloseTimeoutMs: 500, telemetryFlushIntervalMs: 3_600_000 };

interface Situation {
  readonly title: string;
  readonly code: ReasonCode;
  readonly summary: RegExp;
  readonly flag: 'unknown' | 'on' | 'off' | undefined;
  readonly isSent?: boolean;
  arrange?(collector: HttpCollector): void;
  readonly options?: (collector: HttpCollector) => Partial<ConnectionOptions>;
}

const SITUATIONS: readonly Situation[] = [
  {
    title: 'says yes',
    code: 'works',
    summary: /^Telemetry works: 2 of 2 records were delivered to http:\/\/127\.0\.0\.1:\d+\.$/,
    flag: 'on',
    isSent: true,
  },
  {
    title: 'says no',
    code: 'flag_off',
    summary: /^The configuration of the collector says no\. It is asked for again in \d+ s\.$/,
    flag: 'off',
    arrange: (collector) => (collector.configuration = { enabled: false }),
  },
  {
    title: 'knows of no configuration, which is a yes',
    code: 'works',
    summary: /^Telemetry works/,
    flag: 'on',
    isSent: true,
    arrange: (collector) => (collector.configuration = undefined),
  },
  ...[401, 403].map((status): Situation => ({
    title: `does not accept its token (${status})`,
    code: 'flag_refused',
    summary: new RegExp(
      `^The configuration of the collector is not for these credentials \\(status ${status}\\)\\. It is asked for again in \\d+ s\\.$`,
    ),
    flag: 'unknown',
    arrange: (collector) => {
      if (status === 401) collector.token = TOKEN;
      else collector.questionStatus = 403;
    },
    options: () => ({ telemetryEndpointToken: 'another' }),
  })),
  {
    title: 'is in trouble',
    code: 'flag_failed',
    summary:
      /^The configuration of the collector could not be asked for \(status 500\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    flag: 'unknown',
    arrange: (collector) => (collector.questionStatus = 500),
  },
  {
    title: 'has a login page before it',
    code: 'flag_failed',
    summary:
      /^The configuration of the collector could not be asked for \(status 200 with a body that cannot be read\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    flag: 'unknown',
    arrange: (collector) => (collector.page = '<!DOCTYPE html><html></html>'),
  },
  {
    title: 'is named with a path, and has a login page before it',
    code: 'endpoint_replaced',
    summary: /^A web page answers in the place of the endpoint\.$/,
    flag: undefined,
    arrange: (collector) => (collector.page = ' \n<!-- portal --><html lang="en"></html>'),
    options: (collector) => ({ telemetryEndpoint: collector.url }),
  },
  {
    title: 'is not there',
    code: 'flag_failed',
    summary: /^The configuration of the collector could not be asked for \(ECONNREFUSED\)\./,
    flag: 'unknown',
    options: () => ({ telemetryEndpoint: 'http://127.0.0.1:1' }),
  },
  {
    title: 'refuses the records',
    code: 'endpoint_refuses',
    summary: /^The endpoint refuses the records \(status 403\)\.$/,
    flag: 'on',
    arrange: (collector) => (collector.logStatus = 403),
  },
  {
    title: 'redirects',
    code: 'endpoint_redirects',
    summary: /^The endpoint redirects \(status 302\), which is not followed\.$/,
    flag: 'on',
    arrange: (collector) => (collector.logStatus = 302),
  },
  {
    title: 'is named with a path, and so is asked nothing',
    code: 'works',
    summary: /^Telemetry works/,
    flag: undefined,
    isSent: true,
    options: (collector) => ({ telemetryEndpoint: collector.url }),
  },
  {
    title: 'could be overheard on the way, which its token must not be',
    code: 'option_problem',
    summary: /^The option telemetryEndpointToken cannot be this string, so nothing leaves\.$/,
    flag: undefined,
    options: () => ({ telemetryEndpoint: 'http://collector.test', telemetryEndpointToken: TOKEN }),
  },
];

describe('explainTelemetry() with a collector of one’s own', () => {
  let workspace: LocalWorkspace;
  let collector: HttpCollector;
  beforeEach(async () => {
    [workspace, collector] = await Promise.all([startFreshWorkspace(), HttpCollector.start()]);
    collector.configuration = { enabled: true };
  });
  afterEach(() => Promise.all([workspace.close(), collector.close()]));

  for (const { title, code, summary, flag, isSent = false, arrange, options } of SITUATIONS) {
    it(`says so when it ${title}`, async () => {
      arrange?.(collector);
      const client = await connectTo(workspace, {
        telemetryEndpoint: collector.base,
        ...CALM,
        ...options?.(collector),
      });
      await query(await client.openSession());
      await client.flushTelemetry({ deadlineMs: 5000 });
      const explanation = client.explainTelemetry();
      await client.close();
      expect(explanation.summary, JSON.stringify(explanation)).to.match(summary);
      expect(explanation.reasons[0]).to.include({ code, advice: REASONS[code].advice });
      expect(explanation.isSent).to.equal(isSent);
      expect(explanation.flag?.state).to.equal(flag);
      expect(JSON.stringify(explanation)).to.not.include(TOKEN).and.not.include('unknown s');
      expect(workspace.received.requests({ route: 'feature-flags' })).to.deep.equal([]);
    });
  }
});
