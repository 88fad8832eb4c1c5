import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Driver, Run } from '../Driver';
import { SCENARIOS } from '../scenarios';
import { filled, outputOf, step } from './install';

const SOURCES = join(__dirname, '../python');

/** Versions of Python, as minor numbers, for which the pinned packages have wheels. */
type Range = readonly [from: number, to: number];

interface PythonDriver extends Omit<Driver, 'install' | 'version'> {
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
  const lock = join(SOURCES, requirements);
  const version = new RegExp(`^${driver.name}==(.*)$`, 'm').exec(readFileSync(lock, 'utf8'))?.[1] ?? 'unknown';
  return {
    ...driver,
    version,
    install(cache): Command | string {
      const interpreter = pythonWithin(python);
      if (interpreter === undefined) return `no Python 3.${python[0]} to 3.${python[1]}`;
      const folder = filled(cache, requirements.replace('.txt', ''), [lock], (empty) => {
        step(interpreter, ['-m', 'venv', empty]);
        step(join(empty, 'bin/python'), ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', lock]);
      });
      return { file: join(folder, 'bin/python'), args: [join(SOURCES, 'main.py')] };
    },
  };
}

const ALL: readonly Run[] = [
  { mode: 'files', scenarios: SCENARIOS },
  { mode: 'arrow', scenarios: ['types', 'errors'] },
];

export const PYTHON_DRIVERS: readonly Driver[] = [
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'Thrift',
    requirements: 'requirements-newest.txt',
    python: [11, 14],
    sendsTelemetry: true,
    runs: [...ALL, { mode: 'columns', scenarios: ['types'] }],
  }),
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'SEA',
    requirements: 'requirements-newest.txt',
    python: [11, 14],
    // It posts to port 443, whatever the port of the workspace.
    sendsTelemetry: false,
    runs: [
      { mode: 'sea-files', scenarios: SCENARIOS },
      { mode: 'sea-json', scenarios: ['types'] },
    ],
  }),
  pythonDriver({
    name: 'databricks-sql-connector',
    protocol: 'Thrift',
    requirements: 'requirements-two-years-old.txt',
    python: [9, 12],
    sendsTelemetry: false,
    runs: ALL,
  }),
];
