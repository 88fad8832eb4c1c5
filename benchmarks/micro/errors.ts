import { redactSensitive } from '@databricks/sql/dist/telemetry/telemetryUtils';
import HiveDriverError from '@databricks/sql/dist/errors/HiveDriverError';
import { cpuMs, timePerUnit, turns, type Effort, type Subjects } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { spreadOf } from '../harness/spread';
import { OfficialPipeline, statementId } from '../subjects/official';
import { describing } from '../subjects/ourParts';
import { OurPipeline, type Statement } from '../subjects/ours';

const SESSION = '01f1c2d3-0000-4a00-8000-000000000001';
const FRAME = '\n    at HiveDriver.executeStatement (/app/node_modules/@databricks/sql/dist/hive/HiveDriver.js:123:45)';

/** An error as the driver throws it, with a stack of its own. */
function errorWith(stack: string): Error {
  const error = new HiveDriverError('[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found. SQLSTATE: 42P01');
  error.stack = `HiveDriverError: ${error.message}${stack}`;
  return error;
}

/** A new string each time: what was looked at before is found faster. */
const thirtyLines = (seed: number): string => FRAME.replace('123', String(seed)).repeat(30);
const twentyKilobytes = (seed: number): string =>
  `\n    at ${seed} ${'some (anonymous) text of a stack, '.repeat(590)}`.slice(0, 20_000);

function oneError(makeStack: (seed: number) => string): Subjects {
  const ours = new OurPipeline();
  const official = new OfficialPipeline();
  let seed = 0;
  let observations: Statement[] = [];
  let started: string[] = [];
  let errors: Error[] = [];
  const makeErrors = (count: number): void => {
    errors = Array.from({ length: count }, () => errorWith(makeStack((seed += 1))));
  };
  return {
    ours: {
      prepare: (count) => {
        makeErrors(count);
        observations = errors.map(() => ours.start(statementId((seed += 1)), SESSION));
      },
      run: (count) => {
        for (let i = 0; i < count; i += 1) {
          ours.fail(observations[i] as Statement, errors[i]);
        }
      },
      settle: async () => {
        for (const observation of observations) ours.complete(observation, 0);
        await turns(5);
      },
    },
    official: {
      prepare: (count) => {
        makeErrors(count);
        started = errors.map(() => statementId((seed += 1)));
        for (const id of started) official.start(id, SESSION);
      },
      run: (count) => {
        for (let i = 0; i < count; i += 1) official.fail(started[i] as string, SESSION, errors[i] as Error);
      },
      settle: async () => {
        for (const id of started) official.complete(id, SESSION, 0, 0);
        await turns(5);
      },
    },
  };
}

/** Texts of one character class each, and some of the forms that the rules look for, without their end. */
const WORST_TEXTS: Readonly<Record<string, (length: number) => string>> = {
  letters: (length) => 'a'.repeat(length),
  hexadecimal: (length) => '0123456789abcdef'.repeat(length / 16),
  blanks: (length) => ' '.repeat(length),
  'line breaks': (length) => '\n'.repeat(length),
  quotes: (length) => "'".repeat(length),
  'escaped quotes': (length) => `'${"\\'".repeat(length / 2)}`,
  slashes: (length) => '/'.repeat(length),
  'at signs': (length) => '@'.repeat(length),
  dots: (length) => 'a.'.repeat(length / 2),
  bearer: (length) => 'bearer '.repeat(length / 7),
  'with … as': (length) => 'with x '.repeat(length / 7),
  frames: (length) => FRAME.repeat(length / FRAME.length),
};

function millisecondsOf(work: () => void): number {
  const startedAtMs = cpuMs();
  work();
  return cpuMs() - startedAtMs;
}

const WORST_CHARACTERS = 100_000;
const OFFICIAL_CHARACTERS = 20_000;

/** The worst text for each side: ours with what an export does to an error, the official driver with its redaction. */
function worstRedaction({ rounds }: Effort): Result[] {
  const repeats = Math.max(9, Math.floor(rounds / 3));
  const timesOf = (make: (length: number) => string, length: number): number[] => {
    const text = make(length);
    const error = Object.assign(new Error(text), { stack: `Error: ${text}${FRAME.repeat(30)}` });
    return Array.from({ length: repeats }, () => millisecondsOf(describing(error, SESSION)));
  };
  const worstOf = (length: number): readonly number[] => {
    const all = Object.values(WORST_TEXTS).map((make) => timesOf(make, length));
    return all.sort((a, b) => spreadOf(b).median - spreadOf(a).median)[0] ?? [];
  };
  // Once for the compiler.
  worstOf(WORST_CHARACTERS);
  const half = worstOf(WORST_CHARACTERS / 2);
  const whole = worstOf(WORST_CHARACTERS);
  const official = millisecondsOf(() => void redactSensitive(WORST_TEXTS['hexadecimal']?.(OFFICIAL_CHARACTERS) ?? ''));
  return [
    {
      ...resultOf('redaction.worst', 'worst text of 100,000 characters', 'ms', { ours: whole }),
      note: `official, with 20,000 hexadecimal digits only: ${official.toFixed(0)} ms`,
    },
    resultOf('redaction.growth', 'the same ÷ 50,000 characters', '×', {
      ours: [spreadOf(whole).median / spreadOf(half).median],
    }),
  ];
}

/** What one error costs the call that throws it, and the longest that a text can hold up an export. */
export async function errors(effort: Effort): Promise<Result[]> {
  // Enough for the compiler to have seen both sides at work.
  const each = { rounds: Math.max(80, effort.rounds), count: 32, stretches: 3 };
  return [
    resultOf('error.30-lines', 'error with a 30-line stack', 'ns', await timePerUnit(oneError(thirtyLines), each)),
    resultOf('error.20-kB', 'error with 20 KB of stack', 'ns', await timePerUnit(oneError(twentyKilobytes), each)),
    ...worstRedaction(effort),
  ];
}
