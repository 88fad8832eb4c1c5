import { expect } from 'chai';
import fc from 'fast-check';
import { RecordRing } from '../../../../lib/telemetry/pipeline/RecordRing';
import { estimateBytes } from '../../../../lib/telemetry/pipeline/recordSize';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { connectionRecord, errorRecord } from '../../.stubs/telemetryRecords';

function drained(ring: RecordRing): TelemetryRecord[] {
  const records: TelemetryRecord[] = [];
  for (let record = ring.shift(); record !== undefined; record = ring.shift()) records.push(record);
  return records;
}

describe('RecordRing', () => {
  it('behaves like an array, whatever is done to it', () => {
    const operation = fc.oneof(
      { weight: 4, arbitrary: fc.constant('push') },
      { weight: 2, arbitrary: fc.constant('shift') },
      { weight: 1, arbitrary: fc.constantFrom('unshift', 'removeWhere', 'clear', 'insertByAge') },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
        const ring = new RecordRing();
        let model: TelemetryRecord[] = [];
        operations.forEach((name, queuedAtMs) => {
          // Of unlike sizes.
          const record = queuedAtMs % 3 === 0 ? errorRecord({ queuedAtMs }) : connectionRecord({ queuedAtMs });
          switch (name) {
            case 'push':
              ring.push(record);
              model.push(record);
              break;
            case 'unshift':
              ring.unshift(record);
              model.unshift(record);
              break;
            case 'shift':
              expect(ring.shift()).to.equal(model.shift());
              break;
            case 'clear':
              ring.clear();
              model = [];
              break;
            case 'removeWhere': {
              const isOdd = ({ queuedAtMs: at = 0 }: TelemetryRecord): boolean => at % 2 === 1;
              ring.removeWhere(isOdd);
              model = model.filter((each) => !isOdd(each));
              break;
            }
            default: {
              const taken = [ring.shift(), ring.shift()].filter((each) => each !== undefined);
              ring.insertByAge(taken);
            }
          }
          expect(ring.size).to.equal(model.length);
          expect(ring.oldest).to.equal(model[0]);
          expect(ring.oldestBytes).to.equal(model[0] === undefined ? 0 : estimateBytes(model[0]));
        });
        expect(drained(ring)).to.deep.equal(model);
      }),
    );
  });

  it('puts records back between older and younger ones', () => {
    const ring = new RecordRing();
    const [a, b, c, d] = [1, 2, 3, 4].map((queuedAtMs) => connectionRecord({ queuedAtMs }));
    for (const record of [a!, c!]) ring.push(record);
    ring.insertByAge([b!, d!]);
    expect(drained(ring)).to.deep.equal([a, b, c, d]);
  });

  it('keeps the order of records of the same age', () => {
    const ring = new RecordRing();
    const records = Array.from({ length: 4 }, () => connectionRecord({ queuedAtMs: 1 }));
    for (const record of records.slice(2)) ring.push(record);
    ring.insertByAge(records.slice(0, 2));
    expect(drained(ring)).to.deep.equal(records);
  });
});
