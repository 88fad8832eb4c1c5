import vm from 'node:vm';
import { expect } from 'chai';
import { debugLog } from '../../../lib/util/debugLog';
import { uncaught } from '../.stubs/uncaught';

function broken(): never {
  throw new RangeError('broken');
}

describe('debugLog', () => {
  it('survives every logger', async () => {
    const ofAnotherRealm: unknown = vm.runInNewContext("({ log: async () => { throw new Error('broken'); } })");
    const loggers = [{}, { log: broken }, { log: async () => broken() }, ofAnotherRealm, undefined] as unknown[];
    const seen = await uncaught(() => {
      for (const logger of loggers) debugLog({ getLogger: () => logger as never }, 'line');
      debugLog({ getLogger: broken }, 'line');
    });
    expect(seen).to.deep.equal([]);
  });
});
