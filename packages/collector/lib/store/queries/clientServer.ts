import { condition, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { totalOf } from './figures';
import { grouped } from './grouped';
import { byName, textOrNull, type AnswerRow, type Query } from './Query';

/** Sums in milliseconds over the statements that the query history knows too. */
export interface ServerPhases {
  readonly coldStartMs: number | null;
  readonly queuedMs: number | null;
  readonly compilationMs: number | null;
  readonly executionMs: number | null;
  /** Of the server's total what none of the above explains. */
  readonly serverOtherMs: number | null;
  /** The client's latency beyond the server's total: network and polling. May be negative for single statements. */
  readonly networkAndPollingMs: number | null;
  readonly clientMs: number | null;
  readonly serverResultFetchMs: number | null;
}

/** Sums in milliseconds over all statements, as their senders tell. */
export interface ClientPhases {
  readonly latencyMs: number | null;
  readonly submitMs: number | null;
  readonly waitMs: number | null;
  readonly firstRowMs: number | null;
  readonly consumeMs: number | null;
  readonly closeMs: number | null;
}

export interface ServiceTime {
  readonly service: string | null;
  readonly statements: number;
  /** Statements that the query history knows too. */
  readonly joined: number;
  readonly server: ServerPhases;
  readonly client: ClientPhases;
}

/** Where the milliseconds of the statements went that both sides know. */
export interface ClientServer extends ServerPhases {
  readonly statements: number;
  /** Statements that the query history knows too. */
  readonly joined: number;
  readonly withoutPartner: number;
  /** Those that take most time first. */
  readonly services: readonly ServiceTime[];
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

const MAX_SERVICES = 50;

const SERVER_SUMS: Readonly<Record<keyof ServerPhases, string>> = {
  coldStartMs: 'h."waitingForComputeMs"',
  queuedMs: 'h."waitingAtCapacityMs"',
  compilationMs: 'h."compilationMs"',
  executionMs: 'h."executionMs"',
  serverOtherMs:
    'h."totalMs" - coalesce(h."waitingForComputeMs", 0) - coalesce(h."waitingAtCapacityMs", 0) ' +
    '- coalesce(h."compilationMs", 0) - coalesce(h."executionMs", 0)',
  networkAndPollingMs: 's."latencyMs" - h."totalMs"',
  clientMs: 's."resultConsumptionLatencyMs"',
  serverResultFetchMs: 'h."resultFetchMs"',
};

const CLIENT_SUMS: Readonly<Record<keyof ClientPhases, string>> = {
  latencyMs: '"latencyMs"',
  submitMs: '"submitLatencyMs"',
  waitMs: '"pollLatencyMs"',
  firstRowMs: '"firstRowLatencyMs"',
  consumeMs: '"resultConsumptionLatencyMs"',
  closeMs: '"closeLatencyMs"',
};

const sumsOf = (columns: Readonly<Record<string, string>>, times: string): string =>
  Object.entries(columns)
    .map(([name, column]) => `sum((${column})${times}) AS "${name}"`)
    .join(', ');

export const clientServer: Query<{ readonly selection: Selection }, ClientServer> = {
  async run(database, { selection }) {
    const { rows: counted, times, sampled } = await countingOf(database, selection);
    const [clients, servers, names] = await Promise.all([
      database.sums({ columns: `dim, ${counted} AS statements, ${sumsOf(CLIENT_SUMS, times)}`, groups: 1, selection }),
      database.rows(
        `SELECT s.dim AS dim, ${counted} AS joined, ${sumsOf(SERVER_SUMS, times)} ` +
          `FROM (SELECT * FROM all_statements WHERE ${condition(selection)}) s ` +
          'JOIN history h ON h."statementUuid" = s."statementUuid" GROUP BY 1',
      ),
      database.rows('SELECT dim, service FROM dims'),
    ]);
    const services = new Map(names.map(({ dim, service }) => [dim, textOrNull(service)]));
    const all = [...clients, ...servers];
    const byService = grouped(all, ({ dim }) => services.get(dim) ?? null);
    const { statements, joined, server } = timeOf(null, all);
    return {
      statements,
      joined,
      withoutPartner: statements - joined,
      sampled,
      ...server,
      services: [...byService]
        .map(([service, rows]) => timeOf(service, rows))
        .sort((a, b) => (b.client.latencyMs ?? -1) - (a.client.latencyMs ?? -1) || byName(a.service, b.service))
        .slice(0, MAX_SERVICES),
    };
  },
};

function timeOf(service: string | null, rows: readonly AnswerRow[]): ServiceTime {
  const phases = <K extends string>(names: Readonly<Record<K, string>>): Record<K, number | null> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, totalOf(rows, name)])) as Record<K, number | null>;
  return {
    service,
    statements: totalOf(rows, 'statements') ?? 0,
    joined: totalOf(rows, 'joined') ?? 0,
    server: phases(SERVER_SUMS),
    client: phases(CLIENT_SUMS),
  };
}
