import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { runtime, scriptName } from '../../../../lib/observe/connection/runtime';

const ROOT = path.resolve(__dirname, '../../../..');
const FILE = path.join(ROOT, 'lib/observe/connection/runtime.ts');
const LOADER = JSON.stringify(path.join(ROOT, 'tools/typescript.cjs'));
const CANARY = 'canary';
/** Prints the name that this library takes for the process. */
const CODE = `require(${LOADER}); console.log(String(require(${JSON.stringify(FILE)}).scriptName()));`;
const IN_WORKER = `const { Worker } = require('node:worker_threads'); new Worker(${JSON.stringify(CODE)}, { eval: true });`;

const IN_VM = `globalThis.require = require; require('node:vm').runInThisContext(${JSON.stringify(CODE)});`;

function printed(args: readonly string[], input?: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, input, encoding: 'utf8' });
  expect(stdout, stderr).to.not.equal('');
  return stdout.trim().split('\n')[0] ?? '';
}

describe('the name of the process', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'runtime-'))));
  after(() => rmSync(folder, { recursive: true }));

  const invocations: readonly [string, readonly string[], string?][] = [
    ['-e', ['-e', CODE, CANARY]],
    ['-p', ['-p', CODE, CANARY]],
    ['-r and -e', ['-r', 'node:path', '-e', CODE, CANARY]],
    ['-e and --', ['-e', CODE, '--', CANARY]],
    ['-e and an absolute path', ['-e', CODE, `/home/${CANARY}`]],
    ['--eval=', [`--eval=${CODE}`, `/home/${CANARY}`]],
    ['-pe', ['-pe', CODE, `/home/${CANARY}`]],
    ['code on standard input', ['-', CANARY], CODE],
    ['code on standard input and an absolute path', ['-', `/home/${CANARY}`], CODE],
    ['a worker of -e', ['-e', IN_WORKER, CANARY]],
    ['a context of its own', ['-e', IN_VM, `/home/${CANARY}`]],
  ];
  for (const [what, args, input] of invocations) {
    it(`is none, and no argument, with ${what}`, () => expect(printed(args, input)).to.equal('undefined'));
  }

  it('is none in the REPL', () => {
    const { stdout } = spawnSync(process.execPath, ['-i'], { cwd: ROOT, input: `${CODE}\n.exit\n`, encoding: 'utf8' });
    expect(stdout).to.match(/> undefined$/m);
  });

  it('is none in Electron, where a packaged application has its first argument in the place of a script', () => {
    const seen = { argv: ['/opt/app', `/home/${CANARY}.csv`], execArgv: [], isMainThread: true };
    expect(scriptName({ ...seen, isElectron: true })).to.equal(undefined);
    expect(scriptName({ ...seen, isElectron: false })).to.equal(CANARY);
  });

  it('is none in a worker, whose script is not that of the process', () => {
    const seen = { argv: ['/opt/node', `/home/${CANARY}.js`], execArgv: [], isElectron: false };
    expect(scriptName({ ...seen, isMainThread: false })).to.equal(undefined);
  });

  it('is that of the script, without folder, extension and arguments', () => {
    const script = path.join(folder, 'nightly.report.js');
    writeFileSync(script, CODE);
    expect(printed([script, CANARY])).to.equal('nightly.report');
    expect(printed(['--no-warnings', script, '-e', CANARY])).to.equal('nightly.report');
  });
});

describe('the runtime', () => {
  const versions = (more: object): NodeJS.ProcessVersions => ({ ...process.versions, node: '20.20.2', ...more });

  for (const [more, name, version] of [
    [{}, 'Node.js', 'v20.20.2'],
    [{ bun: '1.2.3' }, 'Bun', 'v1.2.3'],
    [{ deno: '2.1.0' }, 'Deno', 'v2.1.0'],
  ] as const) {
    it(`is ${name} by its own name and version`, () => {
      expect(runtime(versions(more))).to.include({ runtimeName: name, runtimeVersion: version });
    });
  }
});
