import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = path.resolve(__dirname, '../..');
const preload = path.join(root, 'tools/use-driver.cjs');
const REPORT = "require('@databricks/sql/package.json').version";

describe('tools/use-driver.cjs', () => {
  const folders: string[] = [];

  /** Runs `code` as a file inside `folder` and returns what it printed. */
  async function run(folder: string, code: string, version?: string, extension = 'cjs'): Promise<string> {
    const place = await mkdtemp(path.join(root, folder, '.use-driver-'));
    folders.push(place);
    const file = path.join(place, `main.${extension}`);
    await writeFile(file, code);
    const { DATABRICKS_SQL_DRIVER: _outer, NODE_OPTIONS: _options, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ['-r', preload, file], {
      env: version ? { ...env, DATABRICKS_SQL_DRIVER: version } : env,
    });
    return stdout.trim();
  }

  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it('gives code of the repository the chosen version', async () => {
    expect(await run('tests', `console.log(${REPORT})`, '1.12.0')).to.equal('1.12.0');
  });

  it('redirects the package itself as well as files in it', async () => {
    const code = "console.log(require.resolve('@databricks/sql'))";
    expect(await run('tests', code, '1.12.0')).to.contain(path.join('@databricks', 'sql-1.12.0', 'dist'));
  });

  it('redirects import statements of ES modules', async () => {
    const code = `import driver from '@databricks/sql/package.json' with { type: 'json' }; console.log(driver.version);`;
    expect(await run('tests', code, '1.12.0', 'mjs')).to.equal('1.12.0');
  });

  it('leaves the driver alone when no version is chosen', async () => {
    expect(await run('tests', `console.log(${REPORT})`)).to.equal('2.1.0');
  });

  it('accepts the version that is installed under its own name', async () => {
    expect(await run('tests', `console.log(${REPORT})`, '2.1.0')).to.equal('2.1.0');
  });

  it('leaves the local workspace its own driver', async () => {
    expect(await run('packages/local-workspace', `console.log(${REPORT})`, '1.12.0')).to.equal('2.1.0');
  });

  it('leaves requests from inside node_modules alone', async () => {
    expect(await run('node_modules', `console.log(${REPORT})`, '1.12.0')).to.equal('2.1.0');
  });

  it('reaches child processes', async () => {
    const child = `require('child_process').execFileSync(process.execPath, [__filename, 'child'], { stdio: 'inherit' })`;
    const code = `if (process.argv[2]) console.log(${REPORT}); else ${child};`;
    expect(await run('tests', code, '1.12.0')).to.equal('1.12.0');
  });

  it('names the installed versions when it is asked for another', async () => {
    const error: unknown = await run('tests', '', '1.11.0').catch((thrown: unknown) => thrown);
    expect(error)
      .to.have.property('message')
      .that.contains('Installed: 1.12.0, 1.13.0, 1.14.0, 1.15.0, 1.16.0, 1.17.0, 2.0.0, 2.1.0');
  });
});
