import { condition, type Selection } from '../Selection';
import { numberOf, numberOrNull, type Query } from './Query';

/** Where the milliseconds of the statements went that both sides know. */
export interface ClientServer {
  readonly statements: number;
  /** Statements that the query history knows too. */
  readonly joined: number;
  readonly withoutPartner: number;
  /** Sums in milliseconds over the joined statements. */
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

export const clientServer: Query<{ readonly selection: Selection }, ClientServer> = {
  async run(database, { selection }) {
    const [row = {}] = await database.rows(
      'SELECT count(*) AS statements, count(h."statementId") AS joined, sum(h."waitingForComputeMs")::BIGINT AS cold, ' +
        'sum(h."waitingAtCapacityMs")::BIGINT AS queued, sum(h."compilationMs")::BIGINT AS compilation, ' +
        'sum(h."executionMs")::BIGINT AS execution, sum(h."resultFetchMs")::BIGINT AS fetch, ' +
        'sum(h."totalMs" - coalesce(h."waitingForComputeMs", 0) - coalesce(h."waitingAtCapacityMs", 0) ' +
        '- coalesce(h."compilationMs", 0) - coalesce(h."executionMs", 0))::BIGINT AS other, ' +
        'sum(s."latencyMs" - h."totalMs")::BIGINT AS network, ' +
        'sum(s."resultConsumptionLatencyMs") FILTER (h."statementId" IS NOT NULL)::BIGINT AS client ' +
        `FROM (SELECT * FROM all_statements WHERE ${condition(selection)}) s ` +
        'LEFT JOIN history h ON h."statementUuid" = s."statementUuid"',
    );
    const statements = numberOf(row['statements']);
    const joined = numberOf(row['joined']);
    return {
      statements,
      joined,
      withoutPartner: statements - joined,
      coldStartMs: numberOrNull(row['cold']),
      queuedMs: numberOrNull(row['queued']),
      compilationMs: numberOrNull(row['compilation']),
      executionMs: numberOrNull(row['execution']),
      serverOtherMs: numberOrNull(row['other']),
      networkAndPollingMs: numberOrNull(row['network']),
      clientMs: numberOrNull(row['client']),
      serverResultFetchMs: numberOrNull(row['fetch']),
    };
  },
};
