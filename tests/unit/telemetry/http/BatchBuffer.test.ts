import { expect } from 'chai';
import { ENVELOPE_BYTES, LogPage, PageKeeper, requestBody } from '../../../../lib/telemetry/http/BatchBuffer';
import { connectionRecord } from '../../.stubs/telemetryRecords';

const LOGS = ['"one"', Buffer.from('"two"'), '"three"'];

function pageOf(logs: readonly (string | Buffer)[], expectedBytes = 1): LogPage {
  const page = new LogPage(expectedBytes);
  for (const log of logs) page.add(connectionRecord({}), log);
  return page;
}

const protoLogs = (body: Buffer): unknown => (JSON.parse(body.toString()) as { protoLogs: unknown }).protoLogs;

describe('LogPage', () => {
  it('is the body of all its logs, however little room was expected', () => {
    const page = pageOf(LOGS);
    const body = requestBody(page.logs);
    expect(JSON.parse(body.toString())).to.have.keys('uploadTime', 'items', 'protoLogs');
    expect(protoLogs(body)).to.deep.equal(['one', 'two', 'three']);
    expect(body.length).to.equal(page.bodyBytes);
    const sum = page.logs.reduce((total, { bytes }) => total + bytes, ENVELOPE_BYTES);
    expect(sum).to.be.within(body.length, body.length + 1);
  });

  it('gives some of its logs as well, in the order they are asked for', () => {
    const { logs } = pageOf(LOGS);
    expect(protoLogs(requestBody([logs[2]!, logs[0]!]))).to.deep.equal(['three', 'one']);
    expect(logs.map(({ encoded }) => encoded)).to.deep.equal(['"one"', '"two"', '"three"']);
  });

  it('writes when the body was asked for', () => {
    const { uploadTime } = JSON.parse(requestBody(pageOf(LOGS).logs).toString()) as { uploadTime: number };
    expect(uploadTime).to.be.closeTo(Date.now(), 2000);
  });

  it('is kept for the next one, without its logs', () => {
    const keeper = new PageKeeper();
    const page = keeper.take(1000);
    page.add(connectionRecord({}), '"old"');
    keeper.giveBack(page);
    const again = keeper.take(1000);
    expect(again).to.equal(page);
    again.add(connectionRecord({}), '"new"');
    expect(protoLogs(requestBody(again.logs))).to.deep.equal(['new']);
    expect(keeper.take(1000), 'while it is in use').to.not.equal(page);
  });

  it('is not kept when it has become large', () => {
    const keeper = new PageKeeper();
    const page = keeper.take(1000);
    page.add(connectionRecord({}), `"${'l'.repeat(300_000)}"`);
    keeper.giveBack(page);
    expect(keeper.take(1000)).to.not.equal(page);
  });
});
