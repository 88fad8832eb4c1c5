import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFile } from '../lib/cli/exportVerb';
import { statementLog } from './logs';
import { deliver, loaded, testCollector } from './testCollector';

describe('the verb export', () => {
  it('shows on a terminal how much of the file is there, and says at its end how large it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'collector-export-'));
    const output = join(folder, 'statements.csv');
    const test = await testCollector();
    await deliver(
      test.collector.address,
      Array.from({ length: 500 }, () => statementLog()),
    );
    await loaded(test.client, 500);
    const { stderr } = process;
    const [shown, said]: [string[], string[]] = [[], []];
    const terminal = { isTTY: true, write: (text: string) => shown.push(text) > 0 };
    const real = { isTTY: stderr.isTTY, write: stderr.write, log: console.log };
    Object.assign(stderr, terminal);
    console.log = (text: string) => void said.push(text);
    try {
      await exportFile({ url: test.collector.address, output, from: '0' });
    } finally {
      Object.assign(stderr, { isTTY: real.isTTY, write: real.write });
      console.log = real.log;
    }
    const content = readFileSync(output);
    expect(content.toString().trim().split('\n')).to.have.lengthOf(501);
    const parts = shown.map((text) => Number(/^\r(\d+) %$/.exec(text)?.[1]));
    expect(shown.slice(-2)).to.deep.equal(['\r100 %', '\n']);
    expect(parts.slice(0, -1)).to.deep.equal(parts.slice(0, -1).toSorted((a, b) => a - b));
    expect(said).to.deep.equal([`${output}: ${Math.ceil(content.length / 2 ** 10)} kB`]);
    await test.end();
    rmSync(folder, { recursive: true });
  });
});
