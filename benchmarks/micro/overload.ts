import { timePerUnit, turns, type Effort, type Subjects } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialPipeline, statementId } from '../subjects/official';
import { FullQueue } from '../subjects/ourParts';
import { ourRecord } from '../subjects/ourRecords';
import { OurPipeline } from '../subjects/ours';

const SESSION = '01f1c2d3-0000-4a00-8000-000000000001';
const never = (): Promise<undefined> => new Promise<undefined>(() => undefined);

interface OfficialInternals {
  addPendingMetric(metric: object): void;
}

/** A record arrives where `capacity` records wait already and an export hangs. */
function fullQueue(capacity: number): Subjects {
  const queue = new FullQueue(capacity);
  const official = new OfficialPipeline({
    exporter: { export: never },
    config: { telemetryMaxPendingMetrics: capacity, telemetryBatchSize: 1 },
  });
  const internals = official.aggregator as unknown as OfficialInternals;
  const errorMetric = { metricType: 'error', timestamp: 1, errorName: 'Error', errorMessage: '', errorStack: '' };
  const statementMetric = { metricType: 'statement', timestamp: 1, statementId: statementId(1), latencyMs: 1 };
  internals.addPendingMetric(statementMetric);
  // Failures fill the buffer first while the endpoint hangs: they are what the official queue keeps.
  for (let i = 0; i < capacity - 1; i += 1) internals.addPendingMetric(errorMetric);
  let records = [ourRecord(0)];
  return {
    ours: {
      prepare: (count) => {
        records = Array.from({ length: count }, (_, index) => ourRecord(index));
      },
      run: (count) => {
        for (let i = 0; i < count; i += 1) queue.add(records[i] as (typeof records)[number]);
      },
    },
    official: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) internals.addPendingMetric(statementMetric);
      },
    },
  };
}

const STATEMENTS = 100_000;

async function retainedPerStatement(statement: (index: number) => void): Promise<number> {
  const heapBytes = async (): Promise<number> => {
    await turns(3);
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      statement(i);
      if (i % 100 === 0) await turns(1);
    }
  };
  // The first ten thousand fill what is bounded.
  await run(10_000);
  const before = await heapBytes();
  await run(STATEMENTS);
  return ((await heapBytes()) - before) / STATEMENTS;
}

/** Bytes that stay behind for each statement while the endpoint takes requests and never answers. */
async function hangingEndpoint(): Promise<Result> {
  const ours = new OurPipeline({ exporter: { export: never, close: async () => undefined } });
  const official = new OfficialPipeline({ exporter: { export: never } });
  return resultOf('hanging.retained', 'endpoint hangs: retained per statement', 'bytes', {
    ours: [await retainedPerStatement((i) => ours.complete(ours.start(statementId(i), SESSION), 2))],
    official: [
      await retainedPerStatement((i) => {
        const id = statementId(i);
        official.complete(id, SESSION, official.start(id, SESSION), 2);
      }),
    ],
  });
}

export async function overload(effort: Effort): Promise<Result[]> {
  const each = { ...effort, stretches: 5, count: 200 };
  const rounds = Math.ceil(effort.rounds / 2);
  const small = await timePerUnit(fullQueue(500), { ...each, rounds });
  const large = await timePerUnit(fullQueue(50_000), { ...each, rounds, count: 50 });
  return [
    resultOf('full.500', 'record arrives, queue of 500 is full', 'ns', small),
    resultOf('full.50000', 'record arrives, queue of 50,000 is full', 'ns', large),
    await hangingEndpoint(),
  ];
}
