import { expect } from 'chai';
import fc from 'fast-check';
import { WIRE_ENUMS } from '../../../../lib/model/fields/fieldTable';
import type { Statement } from '../../../../lib/model/Statement';
import { RecordEncoder } from '../../../../lib/telemetry/wire/RecordEncoder';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { connectionInfo, statementRecord } from '../../.stubs/telemetryRecords';
import { encode, FORMS, randomRecord, write, type MadeRecord } from './randomRecords';

const log = (record: TelemetryRecord, encoder: RecordEncoder): unknown =>
  JSON.parse(JSON.parse(encode(record, encoder)) as string);

describe('RecordEncoder with many statements of one connection', () => {
  it('encodes what it writes, for any sequence of records of one connection', () => {
    fc.assert(
      fc.property(
        fc.array(randomRecord, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...FORMS),
        (records, form) => {
          const encoder = new RecordEncoder(form);
          const [{ connection }] = records as [MadeRecord];
          for (const record of records) {
            Object.assign(record, { connection });
            expect(log(record, encoder)).to.deep.equal(JSON.parse(write(record, form)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('encodes what it writes for statements that differ in their numbers only', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo();
    const whole = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 9, 10, 2 ** 31 - 1, 2 ** 31, 1e12, 0.4, 9.5));
    fc.assert(
      fc.property(fc.array(fc.tuple(whole, whole, whole), { minLength: 1, maxLength: 8 }), (values) => {
        for (const [latencyMs, pollCount, timestampMs] of values) {
          const record = statementRecord({ latencyMs, pollCount, timestampMs }, connection);
          expect(log(record, encoder)).to.deep.equal(JSON.parse(write(record)));
        }
      }),
    );
  });

  it('leaves out a value that is unknown although the record before it had one', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo();
    for (const timestampMs of [1, undefined, 1, undefined]) {
      const record = statementRecord({ timestampMs } as Partial<Statement>, connection);
      expect(log(record, encoder)).to.deep.equal(JSON.parse(write(record)));
    }
  });

  it('tells apart more kinds of statements than it keeps templates for', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo();
    for (let round = 0; round < 3; round += 1) {
      for (const operationType of WIRE_ENUMS.operation_type) {
        for (const compressed of [true, false, undefined]) {
          const record = statementRecord({ operationType, compressed } as Partial<Statement>, connection);
          expect(log(record, encoder)).to.deep.equal(JSON.parse(write(record)));
        }
      }
    }
  });

  it('counts a value that breaks its rule for each record that has one, and for no other', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo();
    const omissions = { omitted: 0 };
    const counts = [5, -1, 5, NaN, 5].map((latencyMs) => {
      encode(statementRecord({ latencyMs }, connection), encoder, omissions);
      return omissions.omitted;
    });
    expect(counts).to.deep.equal([0, 1, 1, 2, 2]);
  });

  it('counts what its connection left out for each record once', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = { ...connectionInfo(), workspaceId: 'not a number' };
    const omissions = { omitted: 0 };
    const record = statementRecord({}, connection);
    encode(record, encoder, omissions);
    encode(record, encoder, omissions);
    encode(statementRecord({}, connection), encoder, omissions);
    expect(omissions.omitted).to.equal(2);
  });

  it('pads a number with no more blanks than a longer one before it needed', () => {
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo();
    const lengths = [12345, 7, 123456, 7].map(
      (latencyMs) => encode(statementRecord({ latencyMs }, connection), encoder).length,
    );
    expect(lengths.map((length) => length - (lengths[0] ?? 0))).to.deep.equal([0, 0, 1, 1]);
  });
});
