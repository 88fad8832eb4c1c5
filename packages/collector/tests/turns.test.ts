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
});
