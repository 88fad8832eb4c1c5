import type { TelemetryRecord } from '../../../../lib/model/records';
import { expect } from 'chai';
import type { BatchResult } from '../../../../lib/contracts/IBatchExporter';
import { DROP_REASONS } from '../../../../lib/model/enums';
import { Ledger } from '../../../../lib/telemetry/pipeline/Ledger';
import { connectionRecord } from '../../.stubs/telemetryRecords';

const NOTHING: BatchResult<TelemetryRecord> = { delivered: 0, rejected: 0, dropped: {}, retained: [] };
const BATCH = [connectionRecord(), connectionRecord(), connectionRecord(), connectionRecord()];

function booked(result: Partial<BatchResult<TelemetryRecord>> | undefined | null) {
  const ledger = new Ledger();
  const kept = ledger.settle(BATCH, result ? { ...NOTHING, ...result } : (result as undefined));
  const drops = Object.fromEntries(Object.entries(ledger.drops).filter(([, count]) => count > 0));
  return { delivered: ledger.delivered, rejected: ledger.rejected, drops, kept: [...kept] };
}

describe('Ledger', () => {
  it('books everything as delivered when the exporter says nothing', () => {
    for (const nothing of [undefined, null]) {
      expect(booked(nothing)).to.deep.equal({ delivered: 4, rejected: 0, drops: {}, kept: [] });
    }
  });

  it('books what the exporter says', () => {
    const result = { delivered: 1, rejected: 1, dropped: { too_large: 1 }, retained: [BATCH[3]!] };
    expect(booked(result)).to.deep.equal({ delivered: 1, rejected: 1, drops: { too_large: 1 }, kept: [BATCH[3]] });
  });

  for (const reason of DROP_REASONS) {
    it(`has a counter for ${reason}`, () => {
      const ledger = new Ledger();
      ledger.drop(reason, 2);
      ledger.drop(reason, 1);
      expect(ledger.drops[reason]).to.equal(3);
      expect(booked({ dropped: { [reason]: 4 } }).drops).to.deep.equal({ [reason]: 4 });
    });
  }

  it('counts as invalid what the exporter does not mention', () => {
    expect(booked({ delivered: 1 })).to.deep.include({ delivered: 1, drops: { invalid: 3 } });
  });

  it('books no more than there is', () => {
    expect(booked({ delivered: 3, rejected: 9 })).to.deep.include({ delivered: 3, rejected: 1, drops: {} });
    expect(booked({ delivered: 9, retained: [BATCH[0]!] })).to.deep.include({ delivered: 3, kept: [BATCH[0]] });
  });

  it('takes no number for a count that is none', () => {
    expect(booked({ delivered: NaN, rejected: -1 })).to.deep.include({
      delivered: 0,
      rejected: 0,
      drops: { invalid: 4 },
    });
    expect(booked({ delivered: 1.7, rejected: 3 })).to.deep.include({ delivered: 1, rejected: 3 });
  });

  it('keeps records of the batch only, in its order', () => {
    expect(booked({ delivered: 2, retained: [BATCH[2]!, connectionRecord(), BATCH[0]!] }).kept).to.deep.equal([
      BATCH[0],
      BATCH[2],
    ]);
  });

  it('hands out copies of its counters', () => {
    const ledger = new Ledger();
    ledger.drops.expired += 1;
    expect(ledger.drops.expired).to.equal(0);
  });

  it('takes a result that is none for one that mentions nothing', () => {
    for (const nonsense of [{}, 7, 'delivered', { retained: null, dropped: null }, { retained: 'all', dropped: 1 }]) {
      const ledger = new Ledger();
      expect(ledger.settle(BATCH, nonsense as unknown as BatchResult<TelemetryRecord>).size).to.equal(0);
      expect(ledger.drops.invalid).to.equal(4);
    }
  });
});
