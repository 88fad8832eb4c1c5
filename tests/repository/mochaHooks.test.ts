import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';

const ROOT = path.resolve(__dirname, '../..');
const MOCHA = path.join(ROOT, 'node_modules/mocha/bin/mocha.js');

/** What fails when it is tried for the first time, after `left`. */
const onlyTheSecondTime = (left = ''): string =>
  `${left} globalThis.tried = (globalThis.tried ?? 0) + 1; if (globalThis.tried === 1) throw new Error('no');`;

/** A run of one test as each in this repository is run. */
function run(body: string, retries = '0'): { readonly status: number | null; readonly errors: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'mocha-'));
  try {
    const file = path.join(folder, 'one.test.ts');
    writeFileSync(file, `it('runs', () => { ${body} });\n`);
    const env = { ...process.env, OPEN_HANDLES_GRACE_MS: '500', TEST_RETRIES: retries };
    const { status, stderr } = spawnSync(process.execPath, [MOCHA, file], { cwd: ROOT, env, encoding: 'utf8' });
    return { status, errors: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a run of tests', function () {
  this.timeout(60_000);

  it('succeeds when they succeed, and fails when one fails', () => {
    expect(run('').status).to.equal(0);
    expect(run("throw new Error('no');").status).to.equal(1);
  });

  it('fails when something is left open, and says what', () => {
    const { status, errors } = run('setInterval(() => undefined, 1000);');
    expect(errors).to.match(/does not end: .*1 Timeout/);
    expect(status).to.equal(1);
  });

  it('tries no test again that does not ask for it', () => {
    expect(run(onlyTheSecondTime()).status).to.equal(1);
  });

  it('names what passed only when it was tried again, where trying again was asked for', () => {
    const { status, errors } = run(onlyTheSecondTime(), '1');
    expect(errors).to.contain('passed only when it was tried again: runs');
    expect(status).to.equal(0);
  });

  it('says what is left after an attempt that failed, and is judged by its tests', () => {
    const left = "process.env['LEFT'] = '1'; setInterval(() => undefined, 1000);";
    const { status, errors } = run(onlyTheSecondTime(left), '1');
    expect(errors).to.include('changed in the process: process.env.LEFT');
    expect(errors).to.match(/does not end: .*2 Timeout/);
    expect(status).to.equal(0);
  });

  it('is judged by its tests, also where one was tried again and another has failed', () => {
    const { status } = run(
      `${onlyTheSecondTime('setInterval(() => undefined, 1000);')} }); it('fails', () => { throw 1;`,
      '1',
    );
    expect(status).to.equal(1);
  });

  it('leaves no temporary file behind', () => {
    const outer = tmpdir();
    const place = mkdtempSync(path.join(outer, 'place-'));
    process.env['TMPDIR'] = place;
    const { status, errors } = run("require('node:fs').mkdtempSync(`${require('node:os').tmpdir()}/left-`);");
    process.env['TMPDIR'] = outer;
    expect(status, errors).to.equal(0);
    expect(readdirSync(place)).to.deep.equal([]);
    rmSync(place, { recursive: true });
  });

  it('fails when it has changed the environment or left a listener, and says which', () => {
    const { status, errors } = run("process.env['LEFT'] = '1'; process.on('beforeExit', () => undefined);");
    expect(errors).to.include('changed in the process: listeners of beforeExit, process.env.LEFT');
    expect(status).to.equal(1);
  });
});
