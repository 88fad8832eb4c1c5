import { bytesPerUnit, timePerUnit, turns, type Effort, type Subject, type Subjects } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialPipeline, statementId } from '../subjects/official';
import { OpenTelemetryPipeline } from '../subjects/openTelemetry';
import { OurPipeline, type Statement } from '../subjects/ours';

const SESSION = '01f1c2d3-0000-4a00-8000-000000000001';
/** Fewer than a batch, so that what is measured is what the application pays, and the flush comes after it. */
const COUNT = 96;
const POLLS = 2;

/**
 * Ids of statements as strings that nobody has seen before: the server gives each statement its own, and a string that
 * was a key before is found faster.
 */
class Ids {
  private ids: string[] = [];
  private next = 0;
  private made = 0;

  prepare(count: number): void {
    this.ids = Array.from({ length: count }, () => statementId((this.made += 1)));
    this.next = 0;
  }

  take(): string {
    return this.ids[this.next++] as string;
  }
}

const settle = (): Promise<void> => turns(3);

function bareLifecycle(): Subjects {
  const [oursIds, officialIds, otherIds] = [new Ids(), new Ids(), new Ids()];
  const ours = new OurPipeline();
  const official = new OfficialPipeline();
  const other = new OpenTelemetryPipeline();
  return {
    ours: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) ours.complete(ours.start(oursIds.take(), SESSION), POLLS);
      },
      prepare: (count) => oursIds.prepare(count),
      settle,
    },
    official: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) {
          const id = officialIds.take();
          official.complete(id, SESSION, official.start(id, SESSION), POLLS);
        }
      },
      prepare: (count) => officialIds.prepare(count),
      settle,
    },
    opentelemetry: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) other.statement(otherIds.take(), SESSION);
      },
      prepare: (count) => otherIds.prepare(count),
      settle,
    },
  };
}

const IN_FLIGHT = 32;

function inFlight(): Subjects {
  const [oursIds, officialIds] = [new Ids(), new Ids()];
  const ours = new OurPipeline();
  const official = new OfficialPipeline();
  const observations: Statement[] = [];
  const started: { id: string; at: number }[] = Array.from({ length: IN_FLIGHT }, () => ({ id: '', at: 0 }));
  const oursRun: Subject['run'] = (count) => {
    for (let done = 0; done < count; done += IN_FLIGHT) {
      for (let i = 0; i < IN_FLIGHT; i += 1) observations[i] = ours.start(oursIds.take(), SESSION);
      for (let i = 0; i < IN_FLIGHT; i += 1) ours.complete(observations[(i * 7) % IN_FLIGHT] as Statement, POLLS);
    }
  };
  const officialRun: Subject['run'] = (count) => {
    for (let done = 0; done < count; done += IN_FLIGHT) {
      for (let i = 0; i < IN_FLIGHT; i += 1) {
        const slot = started[i] as { id: string; at: number };
        slot.id = officialIds.take();
        slot.at = official.start(slot.id, SESSION);
      }
      for (let i = 0; i < IN_FLIGHT; i += 1) {
        const slot = started[(i * 7) % IN_FLIGHT] as { id: string; at: number };
        official.complete(slot.id, SESSION, slot.at, POLLS);
      }
    }
  };
  return {
    ours: { run: oursRun, prepare: (count) => oursIds.prepare(count), settle },
    official: { run: officialRun, prepare: (count) => officialIds.prepare(count), settle },
  };
}

const CHUNKS = 10;
const LATENCIES = [12.5, 30.25, 18, 22.75, 40.5, 11, 16.25, 28, 19.5, 24.125];

function withChunks(): Subjects {
  const [oursIds, officialIds] = [new Ids(), new Ids()];
  const ours = new OurPipeline();
  const official = new OfficialPipeline();
  return {
    ours: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) {
          const observation = ours.start(oursIds.take(), SESSION);
          for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
            ours.chunk(observation, chunk, LATENCIES[chunk] as number, 1_000_000);
          }
          ours.complete(observation, POLLS);
        }
      },
      prepare: (count) => oursIds.prepare(count),
      settle,
    },
    official: {
      run: (count) => {
        for (let i = 0; i < count; i += 1) {
          const id = officialIds.take();
          const startedAt = official.start(id, SESSION);
          for (let chunk = 0; chunk < CHUNKS; chunk += 1)
            official.chunk(id, chunk, LATENCIES[chunk] as number, 1_000_000);
          official.complete(id, SESSION, startedAt, POLLS);
        }
      },
      prepare: (count) => officialIds.prepare(count),
      settle,
    },
  };
}

async function timeAndBytes(id: string, label: string, make: () => Subjects, effort: Effort): Promise<Result[]> {
  const subjects = make();
  return [
    resultOf(`${id}.time`, label, 'ns', await timePerUnit(subjects, effort)),
    resultOf(`${id}.bytes`, label, 'bytes', await bytesPerUnit(subjects, effort)),
  ];
}

/** What a statement costs the application's own calls: time and allocated bytes. */
export async function lifecycle(effort: Effort): Promise<Result[]> {
  const each = { ...effort, count: COUNT };
  return [
    ...(await timeAndBytes('lifecycle', 'statement: start, complete', bareLifecycle, each)),
    ...(await timeAndBytes('in-flight', 'the same, 32 in flight', inFlight, each)),
    ...(await timeAndBytes('chunks', 'the same with 10 chunks', withChunks, { ...each, count: 48 })),
  ];
}
