import { expect } from 'chai';
import type { TRowSet } from '@databricks/sql/thrift/TCLIService_types';
import { volumeOperationOf } from '../../../../lib/observe/rpc/stagingOperation';

const columns = (...values: (string | undefined)[]): TRowSet =>
  ({ columns: values.map((value) => (value === undefined ? {} : { stringVal: { values: [value] } })) }) as TRowSet;
const batch = (text: string): TRowSet => ({ arrowBatches: [{ batch: Buffer.from(text) }] }) as unknown as TRowSet;

describe('volumeOperationOf', () => {
  for (const [name, operation] of [
    ['PUT', 'PUT'],
    ['GET', 'GET'],
    ['REMOVE', 'DELETE'],
  ] as const) {
    it(`finds ${name} in columns and in an Arrow batch`, () => {
      expect(volumeOperationOf(columns(undefined, 'https://store.test/file', name))).to.equal(operation);
      expect(volumeOperationOf(batch(`head\0\0${name}\0\0tail`))).to.equal(operation);
    });
  }

  it('finds nothing in a path that holds such a word', () => {
    expect(volumeOperationOf(columns('/Volumes/PUT/GET'))).to.equal(undefined);
    expect(volumeOperationOf(batch('\0/Volumes/PUT/x\0'))).to.equal(undefined);
  });

  it('finds nothing where there is nothing', () => {
    for (const results of [undefined, null, {} as TRowSet, columns()]) {
      expect(volumeOperationOf(results)).to.equal(undefined);
    }
  });

  it('is not misled by a property that every object has', () => {
    expect(volumeOperationOf(columns('constructor'))).to.equal(undefined);
  });
});
