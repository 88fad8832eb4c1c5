import { expect } from 'chai';
import fc from 'fast-check';
import { requestBody } from '../../../../lib/telemetry/http/BatchBuffer';
import { logBatches } from '../../../../lib/telemetry/http/logBatches';
import { RecordEncoder } from '../../../../lib/telemetry/wire/RecordEncoder';
import { systemClock } from '../../../../lib/util/clock';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { connectionRecord } from '../../.stubs/telemetryRecords';

interface Batch {
  readonly records: readonly TelemetryRecord[];
  readonly body: string;
}

async function collect(
  records: readonly TelemetryRecord[],
  maxLogs: number,
  maxBytes: number,
): Promise<{ batches: Batch[]; refused: [TelemetryRecord, string][] }> {
  const refused: [TelemetryRecord, string][] = [];
  const batches: Batch[] = [];
  const options = {
    maxLogs,
    maxBytes,
    encoder: new RecordEncoder('authenticated'),
    omissions: { omitted: 0 },
    clock: systemClock,
  };
  for await (const batch of logBatches(records, options, (record, reason) => refused.push([record, reason]))) {
    // A batch is valid until the next one is asked for.
    batches.push({
      records: batch.map(({ record }) => record),
      body: requestBody(batch, 1_700_000_000_000).toString(),
    });
  }
  return { batches, refused };
}

const named = (sessionId: string): TelemetryRecord => connectionRecord({ connection: undefined, sessionId });

describe('logBatches', () => {
  it('refuses a record that fits into no request, and only that', async () => {
    const [small, large] = [named('s'), named('l'.repeat(36))];
    const [batch] = (await collect([small], 10, 1e6)).batches;
    const fits = batch?.body.length ?? 0;
    const { batches, refused } = await collect([small, large, small], 10, fits + 20);
    expect(refused).to.deep.equal([[large, 'too_large']]);
    expect(batches.flatMap((batch) => batch.records)).to.deep.equal([small, small]);
  });

  it('makes no batch of nothing', async () => {
    expect((await collect([], 10, 1e6)).batches).to.deep.equal([]);
  });

  it('keeps every body within its limits and every record in its order, whatever their sizes', async () => {
    const sessionIds = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        sessionIds,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 300, max: 3000 }),
        async (ids, n, size) => {
          const records = ids.map(named);
          const { batches, refused } = await collect(records, n, size);
          for (const batch of batches) {
            expect(batch.records.length).to.be.within(1, n);
            expect(Buffer.byteLength(batch.body)).to.be.at.most(size);
            const { protoLogs } = JSON.parse(batch.body) as { protoLogs: string[] };
            expect(protoLogs.map((log) => JSON.parse(log) as object)).to.have.length(batch.records.length);
          }
          const refusedRecords = new Set(refused.map(([record]) => record));
          expect(batches.flatMap((batch) => batch.records)).to.deep.equal(
            records.filter((record) => !refusedRecords.has(record)),
          );
        },
      ),
    );
  });
});
