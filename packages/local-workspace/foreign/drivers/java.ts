import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Driver, Run } from '../Driver';
import { DRIVER_SCENARIOS } from '../scenarios';
import { filled, outputOf, step } from './install';

const SOURCES = join(__dirname, '../java');
const POM = join(SOURCES, 'pom.xml');
const VERSION = /<artifactId>databricks-jdbc<\/artifactId>\s*<version>(.*?)</.exec(readFileSync(POM, 'utf8'))?.[1];
const OLDEST_JAVA = 17;

function install(cache: string): Command | string {
  const java = Number(/version "(\d+)/.exec(outputOf('java', '-version') ?? '')?.[1]);
  if (!(java >= OLDEST_JAVA)) return `no Java ${OLDEST_JAVA} or newer`;
  if (outputOf('javac', '-version') === undefined) return 'no Java compiler';
  if (outputOf('mvn', '--version') === undefined) return 'no Maven';
  const classPath = filled(cache, 'java', [POM, join(SOURCES, 'Main.java')], (folder) => {
    step('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`]);
    step('javac', ['-encoding', 'UTF-8', '-cp', join(folder, '*'), '-d', folder, join(SOURCES, 'Main.java')]);
  });
  const options = ['-Duser.timezone=UTC', '-Dfile.encoding=UTF-8', '--add-opens=java.base/java.nio=ALL-UNNAMED'];
  return { file: 'java', args: [...options, '-cp', `${classPath}:${join(classPath, '*')}`, 'Main'] };
}

const jdbc = (protocol: string, runs: readonly Run[]): Driver => ({
  name: 'databricks-jdbc',
  version: VERSION ?? 'unknown',
  protocol,
  sendsTelemetry: true,
  runs,
  install,
});

export const JAVA_DRIVERS: readonly Driver[] = [
  jdbc('Thrift', [
    { mode: 'files', scenarios: DRIVER_SCENARIOS },
    { mode: 'arrow', scenarios: ['types'] },
    { mode: 'columns', scenarios: ['types'] },
  ]),
  jdbc('SEA', [
    { mode: 'sea-files', scenarios: DRIVER_SCENARIOS },
    { mode: 'sea-arrow', scenarios: ['types'], attached: true },
    { mode: 'sea-json', scenarios: ['types'] },
  ]),
];
