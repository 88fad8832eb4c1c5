import { TelemetryEventType } from 'databricks-sql-telemetry';
import { ON, type Situation } from './Situation';

/** What is decided before anything is sent. */
export const DECISIONS: readonly Situation[] = [
  ...['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK'].map((variable): Situation => ({
    code: 'environment',
    title: `${variable} is set`,
    summary: new RegExp(`^The environment variable ${variable} switches telemetry off\\.$`),
    isSent: false,
    env: { [variable]: '1' },
    options: ON,
  })),
  {
    code: 'switched_off',
    title: 'the constructor says no',
    summary: /^telemetryEnabled is false in the options of the constructor\.$/,
    isSent: false,
    ofClient: { telemetryEnabled: false },
    options: ON,
  },
  {
    code: 'switched_off',
    title: 'connect() says no',
    summary: /^telemetryEnabled is false in the options of connect\(\)\.$/,
    isSent: false,
    ofClient: ON,
    options: { telemetryEnabled: false },
  },
  {
    code: 'not_asked_for',
    title: 'nobody says anything',
    summary: /^Nobody asked for telemetry: neither the constructor nor connect\(\) was given telemetryEnabled: true\.$/,
    isSent: false,
  },
  {
    code: 'log_level_off',
    title: 'the log level is OFF',
    summary: /^telemetryLogLevel is OFF in the options of connect\(\)\.$/,
    isSent: false,
    options: { ...ON, telemetryLogLevel: 'OFF' },
  },
  {
    code: 'hidden',
    title: 'nobody may observe',
    summary:
      /^telemetryObserve was set to something other than true by the constructor: nobody observes the connection\.$/,
    isSent: false,
    ofClient: { telemetryObserve: false },
    options: ON,
  },
  {
    code: 'option_problem',
    title: 'an option that limits has an impossible value',
    summary: /^The option telemetryEndpoint cannot be this string, so nothing leaves\.$/,
    isSent: false,
    options: { ...ON, telemetryEndpoint: 'collector' },
  },
  {
    code: 'option_problem',
    title: 'a variable of the environment has an impossible value',
    summary:
      /^The option telemetrySampleRate \(DATABRICKS_TELEMETRY_SAMPLE_RATE\) cannot be this string, so nothing leaves\.$/,
    isSent: false,
    env: { DATABRICKS_TELEMETRY_SAMPLE_RATE: 'some' },
    options: ON,
  },
  {
    code: 'environment',
    title: 'a variable of the environment says no',
    summary: /^The environment variable DATABRICKS_TELEMETRY_ENABLED switches telemetry off\.$/,
    isSent: false,
    env: { DATABRICKS_TELEMETRY_ENABLED: 'false' },
    options: ON,
  },
  {
    code: 'option_adjusted',
    title: 'an exporter of the application is none',
    summary: /^The option telemetryExporters cannot be this string: left out\.$/,
    isSent: true,
    options: { ...ON, telemetryExporters: ['console'] as never },
  },
  {
    code: 'dry_run',
    title: 'it is a dry run',
    summary: /^telemetryDryRun is set: requests are shown and not made\.$/,
    isSent: false,
    options: { ...ON, telemetryDryRun: () => undefined },
  },
  {
    code: 'sessions_off',
    title: 'a session opted out',
    summary: /^Sessions opened with telemetryEnabled: false, of which nothing is sent: 1\.$/,
    isSent: true,
    options: ON,
    work: async (client) => void (await client.openSession({ telemetryEnabled: false })),
  },
  {
    code: 'receivers',
    title: 'somebody listens',
    summary: /^The connection is observed for receivers of the application\.$/,
    isSent: true,
    options: ON,
    work: async (client) => {
      client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, () => undefined);
      await client.openSession();
    },
  },
  {
    code: 'option_adjusted',
    title: 'an option that tunes has an impossible value',
    summary: /^The option telemetryBatchSize cannot be this number: brought within limits\.$/,
    isSent: true,
    options: { ...ON, telemetryBatchSize: -1 },
  },
];
