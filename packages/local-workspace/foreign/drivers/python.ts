import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command, Driver, Run } from '../Driver';
import { DRIVER_SCENARIOS, type Scenario } from '../scenarios';
import { filled, outputOf, step } from './install';

/** Versions of Python, as minor numbers, for which the pinned packages have wheels. */
type Range = readonly [from: number, to: number];

interface PythonDriver extends Omit<Driver, 'install' | 'version'> {
  /** The lock file, from the folder of all programs; the program is beside it. */
  readonly requirements: string;
  readonly python: Range;
}

function pythonWithin([from, to]: Range): string | undefined {
  const minors = Array.from({ length: to - from + 1 }, (_, i) => to - i);
  return ['python3', ...minors.map((minor) => `python3.${minor}`)].find((name) => {
    const minor = Number(/^Python 3\.(\d+)/.exec(outputOf(name, '--version') ?? '')?.[1]);
    return minor >= from && minor <= to;
  });
}

function pythonDriver({ requirements, python, ...driver }: PythonDriver): Driver {
  const lock = join(__dirname, '..', requirements);
  const version = new RegExp(`^${driver.name}==(\\S*)`, 'm').exec(readFileSync(lock, 'utf8'))?.[1] ?? 'unknown';
  return {
    ...driver,
    version,
    install(cache): Command | string {
      const interpreter = pythonWithin(python);
      if (interpreter === undefined) return `no Python 3.${python[0]} to 3.${python[1]}`;
      const name = requirements.replace(/\.txt$/, '').replaceAll('/', '-');
      const folder = filled(cache, name, [lock], (empty) => {
        step(interpreter, ['-m', 'venv', empty]);
        // Most of what is installed is never imported; compiling all of it takes longer than the rest.
        const how = ['-q', '--disable-pip-version-check', '--no-compile', '--require-hashes'];
        step(join(empty, 'bin/python'), ['-m', 'pip', 'install', ...how, '-r', lock]);
      });
      return { file: join(folder, 'bin/python'), args: [join(dirname(lock), 'main.py')] };
    },
  };
}

const ALL: readonly Run[] = [
  { mode: 'files', scenarios: DRIVER_SCENARIOS },
  { mode: 'arrow', scenarios: ['types', 'errors'] },
];

/** A dialect has no catalogs of its own, puts files nowhere and cancels nothing. */
const DIALECT: readonly Scenario[] = [
  ...DRIVER_SCENARIOS.filter((name) => name !== 'cancel' && name !== 'volumes'),
  'orm',
];

export const PYTHON_DRIVERS: readonly Driver[] = [
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'Thrift',
    requirements: 'python/requirements-newest.txt',
    python: [11, 14],
    sendsTelemetry: true,
    runs: [...ALL, { mode: 'columns', scenarios: ['types'] }],
  }),
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'SEA',
    requirements: 'python/requirements-newest.txt',
    python: [11, 14],
    sendsTelemetry: true,
    runs: [
      { mode: 'sea-files', scenarios: DRIVER_SCENARIOS },
      { mode: 'sea-arrow', scenarios: ['types'], attached: true },
      { mode: 'sea-json', scenarios: ['types'] },
    ],
  }),
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'Thrift',
    requirements: 'python/requirements-two-years-old.txt',
    python: [9, 12],
    sendsTelemetry: false,
    runs: ALL,
  }),
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'kernel',
    requirements: 'python/requirements-kernel.txt',
    python: [10, 14],
    sendsTelemetry: false,
    runs: [
      { mode: 'kernel', scenarios: DRIVER_SCENARIOS },
      { mode: 'kernel-arrow', scenarios: ['types'], attached: true },
    ],
  }),
  pythonDriver({
    name: 'databricks-sqlalchemy',
    protocol: 'Thrift',
    requirements: 'sqlalchemy/requirements.txt',
    python: [11, 14],
    sendsTelemetry: true,
    runs: [{ mode: 'files', scenarios: DIALECT }],
  }),
  pythonDriver({
    name: 'dbt-databricks',
    protocol: 'Thrift',
    requirements: 'dbt/requirements.txt',
    python: [10, 13],
    // The connector that it asks for sends none unless it is told to.
    sendsTelemetry: false,
    runs: [{ mode: 'project', scenarios: ['token', 'oauth', 'project'] }],
  }),
];
