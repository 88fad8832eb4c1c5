import type { FaultSpec } from 'databricks-local-workspace';
import { query } from '../support/application';
import { ON, type Situation } from './Situation';

const POST = { route: 'telemetry-ext' } as const;

const ON_AND_ANSWERED: readonly Situation[] = [
  {
    code: 'flag_off',
    title: 'the workspace says no',
    summary: /^The feature flag of the workspace says no\. It is asked for again in \d+ s\.$/,
    isSent: false,
    flag: false,
  },
  {
    code: 'flag_missing',
    title: 'the workspace has no flags',
    summary:
      /^There is no feature flag of the workspace \(status 404\), which counts as no\. It is asked for again in \d+ s\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 404 }],
  },
  {
    code: 'flag_refused',
    title: 'the flag is not for this token',
    summary:
      /^The feature flag of the workspace is not for these credentials \(status 403\)\. It is asked for again in \d+ s\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 403 }],
  },
  {
    code: 'flag_failed',
    title: 'the flag endpoint fails',
    summary:
      /^The feature flag of the workspace could not be asked for \(status 503\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 503 }],
  },
  ...[
    { title: 'an answer that breaks off', fault: { action: 'truncate' }, status: 200 },
    { title: 'a web page in place of the flag', fault: { status: 200, body: '<html></html>' }, status: 200 },
  ].map(({ title, fault, status }): Situation => ({
    code: 'flag_failed',
    title: `the flag endpoint has ${title}`,
    summary: new RegExp(
      `^The feature flag of the workspace could not be asked for \\(status ${status} with a body that cannot be read\\)\\.`,
    ),
    isSent: false,
    faults: [{ route: 'feature-flags', ...(fault as FaultSpec) }],
  })),
  {
    code: 'flag_missing',
    title: 'the flag endpoint has an answer without content',
    summary:
      /^There is no feature flag of the workspace \(status 204 with a body that cannot be read\), which counts as no\./,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 204 }],
  },
  {
    code: 'endpoint_replaced',
    title: 'a web page is where the endpoint should be',
    summary: /^A web page answers in the place of the endpoint\.$/,
    isSent: false,
    faults: [{ ...POST, status: 200, body: '<!doctype html><html></html>' }],
  },
  {
    code: 'flag_failed',
    title: 'the flag endpoint resets the connection',
    summary:
      /^The feature flag of the workspace could not be asked for \(ECONNRESET\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', action: 'reset' }],
  },
  {
    code: 'flag_pending',
    title: 'the flag endpoint hangs',
    summary: /^The feature flag of the workspace was not asked for yet, or there is no answer; records waiting: 1\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', action: 'hang' }],
    work: () => Promise.resolve(),
  },
  {
    code: 'breaker_open',
    title: 'the breaker is open',
    summary:
      /^Too many requests in a row failed \(the last: status 503\): the circuit breaker is open\. The next attempt is in \d+ s; records waiting: 2\.$/,
    isSent: false,
    options: { telemetryCircuitBreakerThreshold: 1 },
    faults: [{ ...POST, status: 503 }],
  },
  {
    code: 'endpoint_refuses',
    title: 'the endpoint refuses the token',
    summary: /^The endpoint refuses the records \(status 403\)\.$/,
    isSent: false,
    faults: [{ ...POST, status: 403 }],
  },
  {
    code: 'endpoint_redirects',
    title: 'the endpoint redirects',
    summary: /^The endpoint redirects \(status 302\), which is not followed\.$/,
    isSent: false,
    faults: [{ ...POST, status: 302, headers: { location: 'https://portal.test/' } }],
  },
  {
    code: 'endpoint_fails',
    title: 'the endpoint fails',
    summary: /^The last request with records failed \(ECONNRESET\)\. They are sent later; records waiting: 2\.$/,
    isSent: true,
    faults: [{ ...POST, action: 'reset' }],
  },
  {
    code: 'dropped',
    title: 'records were dropped',
    summary: /^Records dropped as queue_full: \d+\.$/,
    isSent: true,
    options: { telemetryMaxPendingMetrics: 1, telemetryFlushIntervalMs: 3_600_000 },
    work: async (_client, session) => {
      for (let i = 0; i < 4; i += 1) await query(session);
    },
  },
  {
    code: 'nothing_yet',
    title: 'nothing has happened',
    summary: /^Telemetry is on, and nothing has happened yet\.$/,
    isSent: true,
  },
  {
    code: 'waiting',
    title: 'records wait',
    summary: /^Telemetry is on; records waiting for the next flush: 2\.$/,
    isSent: true,
    work: (_client, session) => query(session),
  },
  {
    code: 'works',
    title: 'all is well',
    summary: /^Telemetry works: 2 of 2 records were delivered to https:\/\/localhost:\d+\.$/,
    isSent: true,
  },
];

/** What comes of the answers to an application that switched telemetry on. */
export const ANSWERS = ON_AND_ANSWERED.map(
  (situation) => ({ ...situation, options: { ...ON, ...situation.options } }) as Situation,
);
