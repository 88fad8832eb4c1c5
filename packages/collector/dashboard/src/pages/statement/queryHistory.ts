import type { StatementSummary } from '../../../../lib/store/queries/summary';

/** Where workspaces live. A sender names its host: it must not be able to send a reader anywhere else. */
const WORKSPACE =
  /^[a-z0-9.-]+\.(?:cloud\.databricks\.(?:com|us)|gcp\.databricks\.com|azuredatabricks\.(?:net|us|cn))$/;

/** The statement in the query history of its workspace; null where it is not known which one. */
export function queryHistoryOf({ host, statementId, timeMs }: StatementSummary): string | null {
  if (host === null || statementId === null || !WORKSPACE.test(host)) return null;
  const query = new URLSearchParams({ queryId: statementId, queryStartTimeMs: String(timeMs) });
  return `https://${host}/sql/history?${query.toString()}`;
}
