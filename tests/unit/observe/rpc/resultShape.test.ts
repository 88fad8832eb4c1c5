import { expect } from 'chai';
import { executionResultOf, pageShapeOf } from '../../../../lib/observe/rpc/resultShape';
import { arrowPage, linkPage, page, TSparkRowSetType } from '../../.stubs/thriftAnswers';

describe('executionResultOf', () => {
  it('names the formats that the service knows, and no other', () => {
    expect(executionResultOf(TSparkRowSetType.ARROW_BASED_SET)).to.equal('INLINE_ARROW');
    expect(executionResultOf(TSparkRowSetType.COLUMN_BASED_SET)).to.equal('COLUMNAR_INLINE');
    expect(executionResultOf(TSparkRowSetType.URL_BASED_SET)).to.equal('EXTERNAL_LINKS');
    expect(executionResultOf(TSparkRowSetType.ROW_BASED_SET)).to.equal(undefined);
    expect(executionResultOf(undefined)).to.equal(undefined);
  });
});

describe('pageShapeOf', () => {
  it('sums the batches of an Arrow page', () => {
    const { arrowBatches } = arrowPage(3).results ?? {};
    const twice = page({ arrowBatches: [...(arrowBatches ?? []), ...(arrowBatches ?? [])] }, true);
    expect(pageShapeOf(twice)).to.deep.equal({ rows: 6, bytes: 60, links: [], hasMoreRows: true });
  });

  it('counts the rows that links promise, and no bytes: those come with the download', () => {
    const shape = pageShapeOf(linkPage([5, 7]));
    expect(shape).to.include({ rows: 12, bytes: 0, hasMoreRows: false });
    expect(shape.links).to.have.length(2);
  });

  it('takes the rows of a column-based page from its first column', () => {
    const results = { columns: [{ i32Val: null, stringVal: { values: ['a', 'b'] } }, { i32Val: { values: [1] } }] };
    expect(pageShapeOf(page(results))).to.include({ rows: 2, bytes: 0 });
    expect(pageShapeOf(page({ ...results, binaryColumns: Buffer.alloc(9) }))).to.include({ rows: 2, bytes: 9 });
  });

  it('has no rows where none can be told', () => {
    for (const results of [
      undefined,
      null,
      {},
      { columns: [] },
      { columns: [{}] },
      { arrowBatches: [], resultLinks: [] },
    ]) {
      expect(pageShapeOf(page(results as object))).to.include({ rows: 0, bytes: 0, hasMoreRows: false });
    }
  });
});
