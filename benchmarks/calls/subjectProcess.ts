import { subscribe } from 'node:diagnostics_channel';
import { answer, taskOf } from '../harness/childProcess';
import type { SubjectName } from '../harness/measure';
import { BENCHMARKS, LIBRARY, OPENTELEMETRY } from '../harness/places';
import { connect, flush, runQuery, type Client, type Session } from '../workload/clients';
import type { Settings } from '../workload/redirect';
import { CallCounter, type FunctionCalls } from './CallCounter';
import { countsOf, middleOf, ownerOf, summed, totalOf, type Counts, type Owner } from './counts';

/** What a statement does; `units` are the files or pages of its result. */
export interface Workload {
  readonly kind: 'small' | 'files' | 'pages';
  readonly units: number;
  /** Statements before the counted ones. */
  readonly warmUp: number;
  /** Counted one after the other; the telemetry of each is sent in it. */
  readonly windows: number;
  /** Of one window. */
  readonly statements: number;
}

export interface Task {
  readonly name: SubjectName;
  readonly settings: Settings;
  /** One after the other. */
  readonly workloads: readonly Workload[];
}

export interface Counted {
  /** For one statement, its share of an export included; of the window with the median number of calls. */
  readonly counts: Counts;
  /** The library's functions, in the file that it is built to; calls for one statement. */
  readonly functions: readonly FunctionCalls[];
}

const places = { library: LIBRARY, benchmarks: BENCHMARKS };
const owner = (file: string): Owner => ownerOf(file, places);

function statementOf({ kind, units }: Workload, session: Session): () => Promise<number> {
  switch (kind) {
    case 'small':
      return () => runQuery(session, 'SELECT 1 AS one');
    case 'files':
      return () => runQuery(session, `SELECT id FROM range(${units})`, true);
    case 'pages':
      return () => runQuery(session, `SELECT id FROM range(${units})`, false, 1);
  }
}

async function counted(client: Client, session: Session, counter: CallCounter, workload: Workload): Promise<Counted> {
  const { warmUp, windows, statements } = workload;
  const statement = statementOf(workload, session);
  for (let i = 0; i < warmUp; i += 1) await statement();
  await flush(client);
  await counter.take();
  const taken: FunctionCalls[][] = [];
  for (let window = 0; window < windows; window += 1) {
    for (let i = 0; i < statements; i += 1) await statement();
    await flush(client);
    taken.push(await counter.take());
  }
  const counts = taken.map((functions) => countsOf(functions, statements, owner));
  return {
    counts: middleOf(counts, totalOf),
    functions: summed(taken.flat().filter(({ file }) => owner(file) === 'library')).map((one) => ({
      ...one,
      calls: one.calls / statements / windows,
    })),
  };
}

/** Who is told of each statement, beside Databricks. */
function tell(name: SubjectName): void {
  if (name === 'subscribed') subscribe('tracing:databricks-sql:statement:asyncEnd', () => undefined);
  if (name !== 'traced') return;
  const { traceStatements } = module.require(OPENTELEMETRY) as { readonly traceStatements: () => unknown };
  // Nothing is registered: spans and instruments do nothing.
  traceStatements();
}

async function main(): Promise<void> {
  const { name, settings, workloads } = taskOf<Task>();
  // No flush for the time that passes: a batch leaves when it is full.
  tell(name);
  const client = await connect(name, settings, { telemetryFlushIntervalMs: 3_600_000 });
  const session = await client.openSession();
  const counter = new CallCounter();
  await counter.start();
  const results: Counted[] = [];
  for (const workload of workloads) results.push(await counted(client, session, counter, workload));
  answer(results);
}

void main();
