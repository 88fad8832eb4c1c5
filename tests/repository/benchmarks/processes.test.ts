import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf, inParallel } from '../../../benchmarks/harness/childProcess';

describe('benchmarks: processes', () => {
  let folder = '';
  const program = (text: string): string => {
    const file = path.join(folder, 'program.cjs');
    writeFileSync(file, text);
    return file;
  };
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'benchmark-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('a program gets its task and its message is the answer', async () => {
    const file = program('process.send({ doubled: JSON.parse(process.argv[2]).number * 2 });');
    expect(await answerOf(file, { number: 21 })).to.deep.equal({ doubled: 42 });
  });

  it('a program that ends without an answer is an error that says how it ended', async () => {
    const failure = await answerOf(program('process.exit(3);'), {}).catch((error: unknown) => String(error));
    expect(failure).to.match(/program\.cjs ended with 3$/);
  });

  it('work is done by so many workers, and its results stand in the order of the items', async () => {
    let [running, most] = [0, 0];
    const results = await inParallel([30, 5, 20, 1, 10], 2, async (ms) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(ms);
      running -= 1;
      return ms * 2;
    });
    expect(results).to.deep.equal([60, 10, 40, 2, 20]);
    expect(most).to.equal(2);
  });
});
