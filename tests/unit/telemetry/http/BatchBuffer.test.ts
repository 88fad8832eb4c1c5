import { expect } from 'chai';
import fc from 'fast-check';
import { BatchBuffer, ENVELOPE_BYTES, requestBody } from '../../../../lib/telemetry/http/BatchBuffer';
import { toEpochMs } from '../../../../lib/util/clock';
import { connectionRecord } from '../../.stubs/telemetryRecords';

const LOGS = ['"one"', Buffer.from('"two"'), '"three"'];
const NOW = 1_700_000_000_000;

interface Body {
  readonly uploadTime: number;
  readonly items: unknown;
  readonly protoLogs: unknown;
}

function bufferOf(logs: readonly (string | Buffer)[], expectedBytes = 1): BatchBuffer {
  const buffer = new BatchBuffer(expectedBytes);
  for (const log of logs) buffer.add(connectionRecord({}), log);
  return buffer;
}

const parsed = (body: Buffer): Body => JSON.parse(body.toString()) as Body;

describe('BatchBuffer', () => {
  it('is the body of all its logs, however little room was expected', () => {
    const buffer = bufferOf(LOGS);
    const body = requestBody(buffer.logs, NOW);
    expect(parsed(body)).to.deep.equal({ uploadTime: NOW, items: [], protoLogs: ['one', 'two', 'three'] });
    expect(body.length).to.equal(buffer.bodyBytes);
    const commas = LOGS.length - 1;
    expect(buffer.logs.reduce((sum, { from, to }) => sum + to - from, ENVELOPE_BYTES + commas)).to.equal(body.length);
  });

  it('gives some of its logs as well, in the order they are asked for', () => {
    const buffer = bufferOf(LOGS);
    const [first, , third] = buffer.logs;
    if (first === undefined || third === undefined) throw new Error('no logs');
    expect(parsed(requestBody([third, first], NOW)).protoLogs).to.deep.equal(['three', 'one']);
    expect(buffer.logs.map((log) => buffer.text(log))).to.deep.equal(['"one"', '"two"', '"three"']);
  });

  it('gives logs of several buffers in one body', () => {
    const logs = [...bufferOf(LOGS).logs, ...bufferOf(['"four"']).logs];
    expect(parsed(requestBody(logs, NOW)).protoLogs).to.deep.equal(['one', 'two', 'three', 'four']);
  });

  it('is empty after it was cleared, and takes logs again', () => {
    const buffer = bufferOf(['"a log that is longer than those that follow"']);
    buffer.clear();
    expect(buffer.logs).to.deep.equal([]);
    buffer.add(connectionRecord({}), '"new"');
    expect(parsed(requestBody(buffer.logs, NOW)).protoLogs).to.deep.equal(['new']);
  });

  it('is a body without logs, too', () => {
    expect(parsed(new BatchBuffer(0).body(NOW)).protoLogs).to.deep.equal([]);
  });

  it('has the time at which each body was asked for, whether that has more or fewer digits than the last', () => {
    const buffer = bufferOf(LOGS);
    for (const epochMs of [NOW, 0, 8.64e15, 1, Date.UTC(2300, 0, 1)]) {
      expect(parsed(buffer.body(epochMs))).to.deep.include({ uploadTime: epochMs, protoLogs: ['one', 'two', 'three'] });
    }
  });

  it('is valid JSON with the time of any wall clock', () => {
    const wallClocks = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -1, -0, NaN, 0.5, 1.7e12 + 0.25, Infinity, -Infinity, 8.64e15, 8.64e15 + 1, Number.MAX_VALUE),
      fc.constantFrom(Date.UTC(2300, 0, 1), Date.UTC(1969, 11, 31), Date.UTC(275_760, 8, 13)),
    );
    fc.assert(
      fc.property(wallClocks, (wallMs) => {
        const { uploadTime } = parsed(bufferOf(LOGS).body(toEpochMs(wallMs)));
        expect(uploadTime).to.satisfy((time: number) => Number.isSafeInteger(time) && time >= 0);
      }),
    );
  });
});
