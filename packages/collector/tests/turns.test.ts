import { expect } from 'chai';
import { decodeBatch } from '../lib/receive/decodeBatch';
import { statementLog } from './logs';

describe('a large body', () => {
  for (const [what, logs, padding] of [
    ['of many logs', 5_000, 0],
    ['of long logs', 60, 60_000],
  ] as const) {
    it(`${what} lets others have their turn while it is decoded`, async () => {
      const log = JSON.stringify({ ...statementLog(), padding: 'x'.repeat(padding) });
      const body = Buffer.from(JSON.stringify({ protoLogs: Array.from({ length: logs }, () => log) }));
      let turns = 0;
      let isOver = false;
      const count = (): void => {
        turns += 1;
        if (!isOver) setImmediate(count);
      };
      setImmediate(count);
      const decoded = await decodeBatch(body);
      isOver = true;
      expect(decoded.kind === 'batch' && decoded.batch.rows).to.have.lengthOf(logs);
      expect(turns).to.be.at.least(10);
    });
  }

  it('that is more than its logs is refused before it is parsed; spaces, quotes and backslashes are none of that', async () => {
    const filled = (unit: string): string => Array.from({ length: 2 ** 20 / unit.length }, () => unit).join(',');
    for (const body of [
      `{"protoLogs":[${filled('{}')}]}`,
      `{"protoLogs":[],"other":{${filled('"key":0')}}}`,
      '['.repeat(2 ** 20),
      `{"protoLogs":["\\\\",${filled('[]')}]}`,
    ]) {
      expect(await decodeBatch(Buffer.from(body)), body.slice(0, 30)).to.deep.equal({ kind: 'too_many' });
    }
    const logs = (count: number): Buffer => Buffer.from(JSON.stringify({ protoLogs: Array<string>(count).fill('') }));
    expect(await decodeBatch(logs(10_001))).to.deep.equal({ kind: 'too_many' });
    expect(await decodeBatch(logs(10_000))).to.have.nested.property('batch.rejected.not_json', 10_000);
    const log = JSON.stringify({ ...statementLog(), padding: '\\"{}[],'.repeat(20_000).slice(0, 40_000) });
    const body = JSON.stringify({ protoLogs: Array.from({ length: 30 }, () => log) }, undefined, 8);
    const decoded = await decodeBatch(Buffer.from(body));
    expect(decoded.kind === 'batch' && decoded.batch.rows).to.have.lengthOf(30);
  });
});
