import type { ConnectionOptions, ITelemetryExporter } from 'databricks-sql-telemetry';
import type { HttpCollector } from '../support/HttpCollector';
import type { Fault } from './faults';

/** A collector of one's own whose address has no path: it is asked for its configuration first. */
function collector(
  name: string,
  arrange: (collector: HttpCollector) => unknown,
  counted: Fault['counted'] = [],
  options: Partial<ConnectionOptions> = {},
): Fault {
  return {
    name: `collector ${name}`,
    arrange: (world) => void arrange(world.collector),
    options: (world) => ({ telemetryEndpoint: world.collector.base, ...options }),
    arrives: 'none',
    counted,
  };
}

function broken(): never {
  throw new Error('broken');
}

const never = (): Promise<never> => new Promise(() => undefined);

/** The application's own receivers fail, each in its way: what goes to the workspace is none of their business. */
function receiver(name: string, options: Partial<ConnectionOptions>): Fault {
  return { name: `receiver ${name}`, options: () => options, arrives: 'all' };
}

const exporter = (methods: object): Partial<ConnectionOptions> => ({
  telemetryExporters: [methods as ITelemetryExporter],
});

export const RECEIVERS: readonly Fault[] = [
  collector('wants nothing', (it) => (it.configuration = { enabled: false }), ['flag_off']),
  collector('says what nobody understands', (it) => (it.configuration = { enabled: true, level: 'LOUD' }), [
    'flag_off',
  ]),
  collector('refuses its token', (it) => (it.token = 'secret'), ['flag_unknown'], { telemetryEndpointToken: 'other' }),
  collector('redirects the question', (it) => (it.questionStatus = 302), ['flag_unknown']),
  collector('fails at the question', (it) => (it.questionStatus = 500), ['flag_unknown']),
  collector('refuses records', (it) => (it.logStatus = 403), ['rejected']),
  collector('redirects records', (it) => (it.logStatus = 308), ['redirected']),
  collector('is full', (it) => (it.logStatus = 507), ['close_timeout']),
  receiver('exporter throws', exporter({ export: broken, close: broken })),
  receiver('exporter rejects', exporter({ export: async () => broken(), close: async () => broken() })),
  receiver('exporter never ends', exporter({ export: never, close: never })),
  receiver('exporter gives nonsense', exporter({ export: () => ({ retained: 'all', delivered: NaN }) })),
  receiver('file in the place of a folder', { telemetryFile: `${__filename}/statements.jsonl` }),
  receiver('callback throws', { telemetrySlowStatementMs: 1, onSlowStatement: broken }),
  receiver('callback rejects', { telemetrySlowStatementMs: 1, onSlowStatement: async () => broken() }),
];
