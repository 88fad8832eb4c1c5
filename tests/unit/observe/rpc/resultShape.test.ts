import type { TRowSet } from '@databricks/sql/thrift/TCLIService_types';
import { expect } from 'chai';
import { EXECUTION_RESULTS, readPage } from '../../../../lib/observe/rpc/resultShape';
import { arrowPage, linkPage, page, TSparkRowSetType } from '../../.stubs/thriftAnswers';

/** What one page adds. */
function shapeOf(results: object | null | undefined): { rowsAvailable: number; byteCount: number } {
  const totals = { rowsAvailable: 0, byteCount: 0 };
  readPage(results as TRowSet, totals);
  return totals;
}

describe('EXECUTION_RESULTS', () => {
  it('names the formats that the service knows, and no other', () => {
    expect(EXECUTION_RESULTS[TSparkRowSetType.ARROW_BASED_SET]).to.equal('INLINE_ARROW');
    expect(EXECUTION_RESULTS[TSparkRowSetType.COLUMN_BASED_SET]).to.equal('COLUMNAR_INLINE');
    expect(EXECUTION_RESULTS[TSparkRowSetType.URL_BASED_SET]).to.equal('EXTERNAL_LINKS');
    expect(EXECUTION_RESULTS[TSparkRowSetType.ROW_BASED_SET]).to.equal(undefined);
  });
});

describe('readPage', () => {
  it('sums the batches of an Arrow page', () => {
    const { arrowBatches } = arrowPage(3).results ?? {};
    const twice = page({ arrowBatches: [...(arrowBatches ?? []), ...(arrowBatches ?? [])] }, true);
    expect(shapeOf(twice.results)).to.deep.equal({ rowsAvailable: 6, byteCount: 60 });
  });

  it('counts the rows that links promise, and no bytes: those come with the download', () => {
    expect(shapeOf(linkPage([5, 7]).results)).to.deep.equal({ rowsAvailable: 12, byteCount: 0 });
  });

  it('takes the rows of a column-based page from its first column', () => {
    const results = { columns: [{ i32Val: null, stringVal: { values: ['a', 'b'] } }, { i32Val: { values: [1] } }] };
    expect(shapeOf(results)).to.deep.equal({ rowsAvailable: 2, byteCount: 0 });
    const binary = { ...results, binaryColumns: Buffer.alloc(9) };
    expect(shapeOf(binary)).to.deep.equal({ rowsAvailable: 2, byteCount: 9 });
  });

  it('has no rows where none can be told', () => {
    for (const results of [{}, { columns: [] }, { columns: [{}] }, { arrowBatches: [], resultLinks: [] }]) {
      expect(shapeOf(results)).to.deep.equal({ rowsAvailable: 0, byteCount: 0 });
    }
  });
});
