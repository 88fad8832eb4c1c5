import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { answer } from '../harness/childProcess';
import { BENCHMARKS, LIBRARY } from '../harness/places';
import { CallCounter } from './CallCounter';
import { countsOf, middleOf, ownerOf, totalOf } from './counts';

/** Calls for each query of a client that does nothing, by itself and instrumented. */
export interface Yardstick {
  readonly plain: number;
  readonly instrumented: number;
}

const QUERIES = 100;
const WINDOWS = 5;

/** A client of PostgreSQL's as its instrumentation knows it; its query does nothing, so that what is counted is the rest. */
class Client {
  readonly database = 'main';
  readonly connectionParameters = { host: 'localhost', port: 5432, database: 'main', user: 'somebody' };

  async connect(): Promise<void> {}

  async query(_text: string): Promise<object> {
    return { rows: [{ one: 1 }] };
  }
}

async function callsOfQuery(counter: CallCounter): Promise<number> {
  const client = new Client();
  const counts = [];
  for (let window = 0; window <= WINDOWS; window += 1) {
    for (let i = 0; i < QUERIES; i += 1) await client.query('SELECT 1 AS one');
    const functions = await counter.take();
    const places = { library: LIBRARY, benchmarks: BENCHMARKS };
    // The first is the warm-up.
    if (window > 0) counts.push(countsOf(functions, QUERIES, (file) => ownerOf(file, places)));
  }
  return totalOf(middleOf(counts, totalOf));
}

async function main(): Promise<void> {
  const counter = new CallCounter();
  await counter.start();
  const plain = await callsOfQuery(counter);
  // Nothing is registered: spans and instruments do nothing.
  const [pg] = new PgInstrumentation().getModuleDefinitions();
  if (pg?.patch === undefined) throw new Error('the instrumentation patches nothing');
  pg.patch({ Client });
  answer({ plain, instrumented: await callsOfQuery(counter) } satisfies Yardstick);
}

void main();
