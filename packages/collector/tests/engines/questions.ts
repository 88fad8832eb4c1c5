import type { CollectorClient } from 'databricks-telemetry-collector';
import { END_MS, FROM_MS, idOf, SERVICES } from './workload';

const WINDOW = { from: FROM_MS, to: END_MS };
const MIDDLE = FROM_MS + 1_800_000;

/** Every named query, with the filters and forms that become different SQL. */
export function questions(client: CollectorClient): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    overview: () => client.overview(WINDOW),
    'overview of one service': () => client.overview({ ...WINDOW, service: SERVICES[1] }),
    'overview of two services': () =>
      client.overview({ ...WINDOW, service: [String(SERVICES[0]), String(SERVICES[2])] }),
    'overview of those that do not say': () =>
      client.overview({ ...WINDOW, outcome: ['(unknown)'], service: ['(unknown)'] }),
    'overview of a range of latencies': () => client.overview({ ...WINDOW, minMs: 100, maxMs: 2_000 }),
    'overview of nothing': () => client.overview({ from: 1_000, to: 2_000 }),
    heatmap: () => client.heatmap(WINDOW),
    'heatmap of a measure that few tell': () => client.heatmap({ ...WINDOW, measure: 'slowestFileLatencyMs' }),
    statements: () => client.statements({ ...WINDOW, limit: 1_000 }),
    'slowest statements': () => client.statements({ ...WINDOW, order: 'slowest', limit: 20 }),
    'retried statements': () => client.statements({ ...WINDOW, retried: true }),
    'one statement': () => client.statement(idOf(31)),
    'one statement that was closed': () => client.statement(idOf(4)),
    'one statement whose id is a text': () => client.statement('text:id-57'),
    explain: () => client.explain({ ...WINDOW, selectedMinMs: 1_000 }),
    'explain against a baseline': () =>
      client.explain({ ...WINDOW, selectedFrom: MIDDLE, baselineFrom: FROM_MS, baselineTo: MIDDLE }),
    'explain against a baseline that holds some of the selection': () =>
      client.explain({
        ...WINDOW,
        selectedFrom: MIDDLE,
        selectedMinMs: 200,
        baselineFrom: FROM_MS,
        baselineTo: END_MS,
      }),
    errors: () => client.errors(WINDOW),
    'errors of one service': () => client.errors({ ...WINDOW, service: SERVICES[1] }),
    compare: () => client.compare({ ...WINDOW, split: MIDDLE }),
    'compare by service': () => client.compare({ ...WINDOW, split: MIDDLE, by: 'service' }),
    cloudfetch: () => client.cloudfetch(WINDOW),
    retries: () => client.retries(WINDOW),
    fleet: () => client.fleet(WINDOW),
    'client × server': () => client.clientServer(WINDOW),
    names: () => client.names(),
    findings: () => client.findings(WINDOW),
    health: () => client.health({ from: 0 }).then(storedOf),
  };
}

/** What the store says of the data; how busy this very collector is differs from one to the next. */
function storedOf(health: Awaited<ReturnType<CollectorClient['health']>>): unknown {
  const { received, accepted, rejected, duplicate, rejectedBy, unknownFields, invalidFields, stored } = health;
  return { received, accepted, rejected, duplicate, rejectedBy, unknownFields, invalidFields, stored };
}

/** When a statement arrived is another moment in each collector. Sums of fractions may differ in the last digits. */
export function comparable(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'receivedMs')
      .map(([name, part]) => [name, comparable(part)]),
  );
}
