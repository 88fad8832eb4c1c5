import { condition, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { byName, numberOf, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';

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
  clientMs: 'CASE WHEN h."statementId" IS NOT NULL THEN s."resultConsumptionLatencyMs" END',
  serverResultFetchMs: 'h."resultFetchMs"',
};

const CLIENT_SUMS: Readonly<Record<keyof ClientPhases, string>> = {
  latencyMs: 's."latencyMs"',
  submitMs: 's."submitLatencyMs"',
  waitMs: 's."pollLatencyMs"',
  firstRowMs: 's."firstRowLatencyMs"',
  consumeMs: 's."resultConsumptionLatencyMs"',
  closeMs: 's."closeLatencyMs"',
};

const sums = (columns: Readonly<Record<string, string>>, prefix: string, times: string): string =>
  Object.entries(columns)
    .map(([name, column]) => `sum((${column})${times}) AS "${prefix}${name}"`)
    .join(', ');

export const clientServer: Query<{ readonly selection: Selection }, ClientServer> = {
  async run(database, { selection }) {
    const { rows: counted, times, where, sampled } = await countingOf(database, selection);
    // Added up by connection first: names are joined to a few hundred rows instead of millions.
    const added = [
      ...Object.keys(SERVER_SUMS).map((name) => `s_${name}`),
      ...Object.keys(CLIENT_SUMS).map((name) => `c_${name}`),
    ]
      .map((name) => `sum("${name}") AS "${name}"`)
      .join(', ');
    const rows = await database.rows(
      'SELECT d.service AS service, sum(statements) AS statements, sum(joined) AS joined, ' +
        `${added} FROM (SELECT s.dim AS dim, ${counted} AS statements, ${where('h."statementId" IS NOT NULL')} AS joined, ` +
        `${sums(SERVER_SUMS, 's_', times)}, ${sums(CLIENT_SUMS, 'c_', times)} ` +
        `FROM (SELECT * FROM all_statements WHERE ${condition(selection)}) s ` +
        'LEFT JOIN history h ON h."statementUuid" = s."statementUuid" GROUP BY 1) t LEFT JOIN dims d ON d.dim = t.dim ' +
        'GROUP BY 1',
    );
    rows.sort((a, b) => latencyOf(b) - latencyOf(a) || byName(textOrNull(a['service']), textOrNull(b['service'])));
    const total = totalsOf(rows);
    const statements = Math.round(numberOf(total['statements']));
    const joined = Math.round(numberOf(total['joined']));
    return {
      statements,
      joined,
      withoutPartner: statements - joined,
      sampled,
      ...serverOf(total),
      services: rows.slice(0, MAX_SERVICES).map((row) => ({
        service: textOrNull(row['service']),
        statements: Math.round(numberOf(row['statements'])),
        joined: Math.round(numberOf(row['joined'])),
        server: serverOf(row),
        client: phases(row, 'c_', CLIENT_SUMS),
      })),
    };
  },
};

const latencyOf = (row: AnswerRow): number => numberOrNull(row['c_latencyMs']) ?? -1;

const serverOf = (row: AnswerRow): ServerPhases => phases(row, 's_', SERVER_SUMS);

function phases<K extends string>(
  row: AnswerRow,
  prefix: string,
  names: Readonly<Record<K, string>>,
): Record<K, number | null> {
  const values = Object.keys(names).map((name) => [name, rounded(numberOrNull(row[prefix + name]))]);
  return Object.fromEntries(values) as Record<K, number | null>;
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** Each column added up over the rows; null where no row knows it. */
function totalsOf(rows: readonly AnswerRow[]): AnswerRow {
  const totals: Record<string, number> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (name === 'service' || value === null) continue;
      totals[name] = (totals[name] ?? 0) + numberOf(value);
    }
  }
  return totals;
}
