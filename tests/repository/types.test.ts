import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = path.resolve(__dirname, '../..');
const sources = path.join(root, 'tests/types');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

const DRIVERS = [
  { driver: '1.12.0', folder: 'sql-1.12.0', applications: ['application.ts'] },
  { driver: '2.1.0', folder: 'sql', applications: ['application.ts', 'application-2.ts'] },
];

/** Runs the compiler in `folder`; its complaints, empty when there are none. */
async function compile(...args: string[]): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, [tsc, ...args, '--pretty', 'false'], { cwd: root });
    return '';
  } catch (failure) {
    return (failure as { stdout: string }).stdout;
  }
}

describe('types', function () {
  this.timeout(120_000);
  let work: string;

  /** The library as users get it: its declarations. */
  before(async () => {
    work = await mkdtemp(path.join(sources, '.work-'));
    const output = ['--declarationDir', path.join(work, 'library'), '--emitDeclarationOnly'];
    const once = ['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'];
    expect(await compile('-p', 'tsconfig.build.json', ...output, ...once)).to.equal('');
  });

  after(() => rm(work, { recursive: true, force: true }));

  /** Type-checks `files` of `work` with `driver` as the driver. */
  async function check(folder: string, files: readonly string[]): Promise<string> {
    const project = path.join(work, `tsconfig.${folder}.json`);
    const driver = `../../../node_modules/@databricks/${folder}`;
    const paths = {
      'databricks-sql-telemetry': ['./library/index.d.ts'],
      '@databricks/sql': [`${driver}/dist/index.d.ts`],
      '@databricks/sql/*': [`${driver}/*`],
    };
    const compilerOptions = { noEmit: true, declaration: false, sourceMap: false, paths, types: ['node'] };
    await writeFile(project, JSON.stringify({ extends: '../../../tsconfig.base.json', compilerOptions, files }));
    return compile('-p', project);
  }

  for (const { driver, folder, applications } of DRIVERS) {
    it(`take code that is written for driver ${driver} with nothing but the import switched`, async () => {
      const files: string[] = [];
      for (const name of applications) {
        const code = await readFile(path.join(sources, name), 'utf8');
        const switched = code.replace(/from '@databricks\/sql';/g, "from 'databricks-sql-telemetry';");
        expect(switched).to.not.equal(code);
        await writeFile(path.join(work, `as-it-is-${name}`), code);
        await writeFile(path.join(work, `switched-${name}`), switched);
        files.push(`as-it-is-${name}`, `switched-${name}`);
      }
      expect(await check(folder, files)).to.equal('');
    });

    it(`take telemetry options with driver ${driver}, and refuse wrong ones`, async () => {
      await writeFile(path.join(work, 'telemetry.ts'), await readFile(path.join(sources, 'telemetry.ts')));
      expect(await check(folder, ['telemetry.ts'])).to.equal('');
    });
  }
});
