import { existsSync } from 'node:fs';
import path from 'node:path';
import { answerOf, inParallel } from '../harness/childProcess';
import type { SubjectName } from '../harness/measure';
import { BENCHMARKS, LIBRARY, ROOT } from '../harness/places';
import { spreadOf } from '../harness/spread';
import type { Settings } from '../workload/redirect';
import { withWorkspace } from '../workload/workspace';
import { slopeOf, totalOf } from './counts';
import { entered, sourcesInBundle, type SourceFunction } from './sources';
import type { Counted, Task, Workload } from './subjectProcess';
import type { Yardstick } from './yardstickProcess';

/** Calls beyond the plain driver's, and what one statement enters. */
export interface Figures {
  /** All calls of one `SELECT 1` of the plain driver. */
  readonly plain: number;
  /** Added by the driver's own telemetry; undefined where the driver has none. */
  readonly official: number | undefined;
  readonly ours: number;
  /** Added to that by one subscriber of a channel, and by `traceStatements` with a tracer that does nothing. */
  readonly subscribed: number;
  readonly traced: number;
  readonly off: number;
  /** Added for each further file of a result; of the driver's own telemetry, where it has one. */
  readonly file: number;
  readonly officialFile: number | undefined;
  /** Added for each further page of an inline result. */
  readonly page: number;
  readonly officialPage: number | undefined;
  /** Functions and files of the library that one `SELECT 1` and its export enter. */
  readonly functions: number;
  readonly files: number;
}

export interface Measured {
  readonly driver: string;
  readonly figures: Figures;
  /** The library's functions in one `SELECT 1`, most called first. */
  readonly list: readonly SourceFunction[];
}

const BATCH = 100;
/** Of files or pages: what one more adds is the difference divided by eight. */
const FEW = 2;
const MANY = 10;

/** A whole batch of small statements in each window, for its request to be that of a full one. */
const SMALL: Workload = { kind: 'small', units: 1, warmUp: 3 * BATCH, windows: 5, statements: BATCH };
const large = (kind: 'files' | 'pages', units: number): Workload => ({
  kind,
  units,
  warmUp: 8,
  windows: 3,
  statements: 8,
});
const FEW_FILES = large('files', FEW);
const MANY_FILES = large('files', MANY);
const FEW_PAGES = large('pages', FEW);
const MANY_PAGES = large('pages', MANY);
const ALL = [SMALL, FEW_FILES, MANY_FILES, FEW_PAGES, MANY_PAGES];

/** A process of its own counts, on driver `driver`; the results by workload. */
async function count(name: SubjectName, driver: string, settings: Settings): Promise<Map<Workload, Counted>> {
  const workloads = ['disabled', 'subscribed', 'traced'].includes(name) ? [SMALL] : ALL;
  const task: Task = { name, settings, workloads };
  const results = await answerOf<Counted[]>(path.join(__dirname, 'subjectProcess.js'), task, {
    execArgv: ['-r', path.join(ROOT, 'tools/use-driver.cjs')],
    env: { ...process.env, DATABRICKS_SQL_DRIVER: driver },
  });
  return new Map(results.map((result, index) => [workloads[index] as Workload, result]));
}

/** Folder of the installed driver of that version. */
function driverFolder(driver: string): string {
  const choice = module.require(path.join(ROOT, 'tools/driver-choice.cjs')) as { packageFor(version: string): string };
  return path.join(ROOT, 'node_modules', choice.packageFor(driver));
}

/** The median of `processes` processes for each number. */
export async function measure(driver: string, processes: number, workers: number): Promise<Measured> {
  const hasTelemetry = existsSync(path.join(driverFolder(driver), 'dist/telemetry'));
  const names: SubjectName[] = [
    'plain',
    'ours',
    'subscribed',
    'traced',
    'disabled',
    ...(hasTelemetry ? (['official'] as const) : []),
  ];
  const runs = names.flatMap((name) => Array.from({ length: processes }, () => name));
  // One row, one file; everything that a client can download comes in files. However late an answer is, it is not polled.
  const results = await withWorkspace(
    ({ settings }) => inParallel(runs, workers, (name) => count(name, driver, settings)),
    { cloudFetch: { maxRowsPerFile: 1, thresholdBytes: 0 }, asyncAfterMs: 60_000 },
  );
  const of = (name: SubjectName, workload: Workload): Counted[] =>
    results.flatMap((byWorkload, run) => (runs[run] === name ? (byWorkload.get(workload) ?? []) : []));
  const total = (name: SubjectName, workload: Workload): number =>
    spreadOf(of(name, workload).map(({ counts }) => totalOf(counts))).median;
  const added = (name: SubjectName, workload: Workload): number => total(name, workload) - total('plain', workload);
  const slope = (name: SubjectName, few: Workload, many: Workload): number =>
    slopeOf(added(name, few), added(name, many), FEW, MANY);
  const official = (figure: () => number): number | undefined => (hasTelemetry ? figure() : undefined);
  const copy = path.join(BENCHMARKS, 'dist/library/index.js');
  const list = sourcesInBundle(of('ours', SMALL)[0]?.functions ?? [], LIBRARY, copy);
  const { functions, files } = entered(list, BATCH);
  return {
    driver,
    figures: {
      plain: total('plain', SMALL),
      official: official(() => added('official', SMALL)),
      ours: added('ours', SMALL),
      subscribed: total('subscribed', SMALL) - total('ours', SMALL),
      traced: total('traced', SMALL) - total('ours', SMALL),
      off: added('disabled', SMALL),
      file: slope('ours', FEW_FILES, MANY_FILES),
      officialFile: official(() => slope('official', FEW_FILES, MANY_FILES)),
      page: slope('ours', FEW_PAGES, MANY_PAGES),
      officialPage: official(() => slope('official', FEW_PAGES, MANY_PAGES)),
      functions,
      files: files.length,
    },
    list: list.sort((a, b) => b.calls - a.calls),
  };
}

/** Calls that the instrumentation of another database's client adds to a query: spans and a histogram, with no tracer. */
export async function measureYardstick(): Promise<number> {
  const { plain, instrumented } = await answerOf<Yardstick>(path.join(__dirname, 'yardstickProcess.js'), {});
  return instrumented - plain;
}
