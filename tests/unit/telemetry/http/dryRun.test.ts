import { expect } from 'chai';
import { toHostKey, type HostKey } from '../../../../lib/model/connection';
import { ThrownValue } from '../../../../lib/model/errorFacts';
import type { TelemetryOptions } from '../../../../lib/model/options';
import type { TelemetryPreview } from '../../../../lib/model/optionRow';
import { CircuitBreakerRegistry } from '../../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import { ENDPOINT_SLOT } from '../../../../lib/telemetry/http/endpoints';
import { RECEIVER_SLOT } from '../../../../lib/telemetry/http/ReceiverState';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { connectionInfo, connectionRecord, errorRecord } from '../../.stubs/telemetryRecords';

describe('a dry run', () => {
  let previews: TelemetryPreview[];
  beforeEach(() => (previews = []));

  function exporter(options: TelemetryOptions = {}, hosts = new HostRegistry()): DatabricksTelemetryExporter {
    const context = new ClientContextStub({ telemetryDryRun: (preview) => previews.push(preview), ...options });
    return new DatabricksTelemetryExporter(context, 'workspace.test', new CircuitBreakerRegistry(context, hosts));
  }

  function logs(): string[][] {
    return previews.map(({ body }) => (JSON.parse(body) as { protoLogs: string[] }).protoLogs);
  }

  it('shows the records of each identity in a request of its own', async () => {
    const [first, { origin, ...rest }] = [connectionInfo(), connectionInfo()];
    const second = { ...rest, origin: { ...origin, userAgent: 'another/1' } };
    const records = [first, second, first].map((connection) => connectionRecord({ connection }));
    const result = await exporter().export(records);
    expect(logs().map(({ length }) => length)).to.deep.equal([2, 1]);
    expect(result).to.deep.equal({ delivered: 3, rejected: 0, dropped: {}, retained: [] });
    expect(previews[0]?.url).to.equal('https://workspace.test/api/2.0/sql/telemetry-ext');
    expect(previews[0]?.headers).to.deep.equal({
      authorization: '<credentials>',
      'content-type': 'application/json',
      'user-agent': first.origin.userAgent,
    });
  });

  it('shows the path that the host is known to listen at', async () => {
    const hosts = new HostRegistry();
    hosts.get(toHostKey('workspace.test')).get(ENDPOINT_SLOT).preferSecond('authenticated');
    await exporter({}, hosts).export([connectionRecord()]);
    expect(previews[0]?.url).to.equal('https://workspace.test/telemetry-ext');
  });

  it('shows a record without a connection as one of the client itself', async () => {
    await exporter({ telemetryAuthenticatedExport: false }).export([errorRecord({ connection: undefined })]);
    expect(previews[0]?.url).to.equal('https://workspace.test/api/2.0/sql/telemetry-unauth');
    expect(previews[0]?.headers).to.have.all.keys('user-agent', 'content-type');
  });

  it('makes as many requests as the batch size asks for', async () => {
    const connection = connectionInfo();
    await exporter({ telemetryBatchSize: 2 }).export(Array.from({ length: 5 }, () => connectionRecord({ connection })));
    expect(logs().map(({ length }) => length)).to.deep.equal([2, 2, 1]);
  });

  describe('shows in its headers whether a body would leave compressed, and the body itself plain', () => {
    const telemetryEndpoint = 'https://collector.test:4318/logs';
    const batch = (): TelemetryRecord[] => [connectionRecord()];
    const encodings = (): unknown[] => previews.map(({ headers }) => headers['content-encoding']);

    it('as it would to a collector of one’s own, and not to the workspace', async () => {
      await exporter({ telemetryEndpoint }).export(batch());
      await exporter().export(batch());
      await exporter({ telemetryCompression: 'gzip' }).export(batch());
      expect(encodings()).to.deep.equal(['gzip', undefined, 'gzip']);
      expect(logs().map(({ length }) => length)).to.deep.equal([1, 1, 1]);
    });

    it('as it would not when it is small, or when the receiver has refused one', async () => {
      await exporter({ telemetryEndpoint }).export([errorRecord()]);
      const hosts = new HostRegistry();
      hosts.get('dry-run!collector.test:4318' as HostKey).get(RECEIVER_SLOT).refusesGzip = true;
      await exporter({ telemetryEndpoint }, hosts).export(batch());
      expect(encodings()).to.deep.equal([undefined, undefined]);
    });
  });

  it('drops a record that fits in no request', async () => {
    const file = `${`${'d'.repeat(64)}/`.repeat(8)}a.js`;
    const frames = `    at f (/node_modules/@databricks/sql/dist/${file}:1:1)\n`.repeat(7);
    const thrown = new ThrownValue(Object.assign(new Error('x'), { stack: `Error: x\n${frames}` }));
    const long = errorRecord({ thrown });
    const result = await exporter({ telemetryMaxRequestBytes: 4096 }).export([errorRecord(), long]);
    expect(result).to.deep.include({ delivered: 1, dropped: { too_large: 1 } });
  });

  it('keeps what it has not shown when it is aborted', async () => {
    const records = [connectionRecord()];
    const result = await exporter().export(records, AbortSignal.abort());
    expect(result.retained).to.deep.equal(records);
    expect(previews).to.deep.equal([]);
  });

  it('drops everything where telemetryEndpoint is no URL', async () => {
    const result = await exporter({ telemetryEndpoint: 'collector' }).export([connectionRecord()]);
    expect(result.dropped).to.deep.equal({ invalid: 1 });
    expect(previews).to.deep.equal([]);
  });

  it('asks no connection for its credentials', async () => {
    const connection = connectionInfo();
    const origin = { ...connection.origin, authenticate: () => Promise.reject(new Error('asked')) };
    const result = await exporter().export([connectionRecord({ connection: { ...connection, origin } })]);
    expect(result).to.include({ delivered: 1 });
  });

  it('says nothing of the health of a host', async () => {
    const hosts = new HostRegistry();
    const failing = exporter(
      { telemetryDryRun: () => Promise.reject(new Error('no')) as never, telemetryMaxRetries: 0 },
      hosts,
    );
    for (let i = 0; i < 10; i += 1)
      expect(await failing.export([connectionRecord()])).to.deep.include({ dropped: { invalid: 1 } });
    expect(failing.breaker).to.equal(undefined);
    const breaker = new CircuitBreakerRegistry(new ClientContextStub(), hosts).get('workspace.test');
    expect(breaker.getState()).to.equal('CLOSED');
  });

  it('counts no request, and ends when it is closed', async () => {
    const dryRun = exporter();
    await dryRun.export([connectionRecord()]);
    await dryRun.close();
    expect((await dryRun.export([connectionRecord()])).retained).to.have.length(1);
    expect(previews).to.have.length(1);
    expect(dryRun.transfers).to.include({ requests: 0, bytesSent: 0 });
  });
});
