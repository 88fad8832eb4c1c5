import { expect } from 'chai';
import fc from 'fast-check';
import { RecordDeque } from '../../../../lib/telemetry/pipeline/RecordDeque';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { collectGarbage, countAlive } from '../../.stubs/garbage';
import { connectionRecord, errorRecord } from '../../.stubs/telemetryRecords';

function drained(deque: RecordDeque): TelemetryRecord[] {
  const records: TelemetryRecord[] = [];
  for (let record = deque.shift(); record !== undefined; record = deque.shift()) records.push(record);
  return records;
}

describe('RecordDeque', () => {
  it('behaves like an array, whatever is done to it', () => {
    const operation = fc.oneof(
      { weight: 4, arbitrary: fc.constant('push') },
      { weight: 1, arbitrary: fc.constantFrom('fill', 'drain') },
      { weight: 2, arbitrary: fc.constant('shift') },
      { weight: 1, arbitrary: fc.constantFrom('removeWhere', 'clear', 'insertByAge') },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const deque = new RecordDeque();
        let model: TelemetryRecord[] = [];
        operations.forEach((name, queuedAtMs) => {
          // Of unlike sizes.
          const record = queuedAtMs % 3 === 0 ? errorRecord({ queuedAtMs }) : connectionRecord({ queuedAtMs });
          switch (name) {
            case 'push':
              deque.push(record);
              model.push(record);
              break;
            case 'shift':
              expect(deque.shift()).to.equal(model.shift());
              break;
            case 'fill':
              for (let i = 0; i < 3000; i += 1) deque.push(record);
              model.push(...new Array<TelemetryRecord>(3000).fill(record));
              break;
            case 'drain':
              for (let i = 0; i < 1500; i += 1) expect(deque.shift()).to.equal(model.shift());
              break;
            case 'clear':
              deque.clear();
              model = [];
              break;
            case 'removeWhere': {
              const isOdd = ({ queuedAtMs: at }: TelemetryRecord): boolean => at % 2 === 1;
              deque.removeWhere(isOdd);
              model = model.filter((each) => !isOdd(each));
              break;
            }
            default: {
              const taken = [deque.shift(), deque.shift()].filter((each) => each !== undefined);
              deque.insertByAge(taken);
            }
          }
          expect(deque.size).to.equal(model.length);
          expect(deque.oldest).to.equal(model[0]);
        });
        expect(drained(deque)).to.deep.equal(model);
      }),
    );
  });

  it('puts records back between older and younger ones', () => {
    const deque = new RecordDeque();
    const aged = (queuedAtMs: number): TelemetryRecord => connectionRecord({ queuedAtMs });
    const [a, b, c, d] = [aged(1), aged(2), aged(3), aged(4)];
    for (const record of [a, c]) deque.push(record);
    deque.insertByAge([b, d]);
    expect(drained(deque)).to.deep.equal([a, b, c, d]);
  });

  it('keeps the order of records of the same age', () => {
    const deque = new RecordDeque();
    const records = Array.from({ length: 4 }, () => connectionRecord({ queuedAtMs: 1 }));
    for (const record of records.slice(2)) deque.push(record);
    deque.insertByAge(records.slice(0, 2));
    expect(drained(deque)).to.deep.equal(records);
  });

  it('costs the same per record at any size', () => {
    const timeOf = (size: number): number => {
      const deque = new RecordDeque();
      const record = connectionRecord();
      for (let i = 0; i < size; i += 1) deque.push(record);
      const startMs = performance.now();
      for (let i = 0; i < 20_000; i += 1) {
        deque.push(record);
        deque.shift();
      }
      return performance.now() - startMs;
    };
    // The fastest of several: whatever else the machine does only adds.
    const fastest = (size: number): number => Math.min(...Array.from({ length: 7 }, () => timeOf(size)));
    expect(fastest(100_000) / fastest(100)).to.be.below(10);
  }).retries(2); // It measures time.

  it('keeps alive nothing that was taken from it', async () => {
    const deque = new RecordDeque();
    const taken: WeakRef<TelemetryRecord>[] = [];
    for (let i = 0; i < 3000; i += 1) deque.push(connectionRecord());
    for (let record = deque.shift(); deque.size > 1000 && record !== undefined; record = deque.shift()) {
      taken.push(new WeakRef(record));
    }
    expect(taken.length).to.be.above(1500);
    await collectGarbage();
    expect(countAlive(taken)).to.be.below(5);
    expect(deque.size).to.be.above(900);
  });
});
