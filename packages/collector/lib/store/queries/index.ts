import { clientServer } from './clientServer';
import { cloudfetch } from './cloudfetch';
import { compare } from './compare';
import { errors } from './errors';
import { explain } from './explain';
import { findings } from './findings';
import { fleet } from './fleet';
import { health } from './health';
import { heatmap } from './heatmap';
import { names } from './names';
import { overview } from './overview';
import type { Database, Query } from './Query';
import { retries } from './retries';
import { statement } from './statement';
import { statements } from './statements';

/** The named queries: what a store can be asked. */
export const QUERIES = {
  overview,
  heatmap,
  statements,
  statement,
  explain,
  errors,
  compare,
  cloudfetch,
  retries,
  fleet,
  health,
  clientServer,
  names,
  findings,
} as const;

export type QueryName = keyof typeof QUERIES;
export type ParametersOf<N extends QueryName> = (typeof QUERIES)[N] extends Query<infer P, unknown> ? P : never;
export type AnswerOf<N extends QueryName> = Awaited<ReturnType<(typeof QUERIES)[N]['run']>>;

/** Asks the query called `name`. */
export function runQuery(name: QueryName, database: Database, parameters: unknown): Promise<unknown> {
  const query = QUERIES[name] as Query<unknown, unknown>;
  return query.run(database, parameters);
}
