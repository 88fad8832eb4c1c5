import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../lib/journal/Journal';
import { JournalReader } from '../lib/journal/JournalReader';
import type { JournalPosition } from '../lib/journal/format';

const START: JournalPosition = { segment: 0, offset: 0 };
const LIMITS = { maxBytes: 2 ** 20, maxPendingBytes: 2 ** 20, segmentBytes: 2 ** 16 };

const entry = (name: string): Buffer =>
  Buffer.from(JSON.stringify({ receivedMs: 1, received: 1, rows: [{ eventId: name, timeMs: 1 }] }));

describe('a commit that the disk refuses', () => {
  let folder: string;
  let journal: Journal;
  let committed: JournalPosition;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    committed = START;
    journal = Journal.open({ folder, ...LIMITS, onCommit: (position) => (committed = position) }, START);
  });
  afterEach(async () => {
    await journal.close();
    rmSync(folder, { recursive: true });
  });

  const segments = (): string[] => readdirSync(folder).sort();
  const ids = (): string[] => {
    const reader = new JournalReader(folder);
    const found: string[] = [];
    for (let from = START; ;) {
      const { entries, next } = reader.read(from, committed, 10);
      if (entries.length === 0) return found;
      found.push(...entries.flatMap(({ rows }) => rows.map(({ eventId }) => eventId)));
      from = next;
    }
  };
  /** Appends `name` while nothing can be synchronised. */
  async function appendInVain(name: string): Promise<unknown> {
    const handle = await open(folder, 'r');
    await handle.close();
    const files = Object.getPrototypeOf(handle) as FileHandle;
    const { datasync } = files;
    files.datasync = () => Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' }));
    return journal.append(entry(name)).finally(() => (files.datasync = datasync));
  }

  it('ends its segment at what was committed before: nobody knows what else is in it, and the next one is another', async () => {
    await journal.append(entry('a'));
    const { offset } = committed;
    expect(await appendInVain('b')).to.deep.equal({ kind: 'failed', code: 'EIO' });
    expect(journal.failure).to.equal('EIO');
    expect(statSync(join(folder, segments()[0] ?? '')).size).to.equal(offset);
    expect(await journal.append(entry('c'))).to.deep.equal({ kind: 'committed' });
    expect(journal.failure).to.equal(undefined);
    expect(segments()).to.deep.equal(['0000000001.journal', '0000000002.journal']);
    expect(ids()).to.deep.equal(['a', 'c']);
  });

  it('leaves no segment when it was the first of its own', async () => {
    expect(await appendInVain('a')).to.deep.equal({ kind: 'failed', code: 'EIO' });
    expect(segments()).to.deep.equal([]);
    expect(journal.bytes).to.equal(0);
    expect(await journal.append(entry('b'))).to.deep.equal({ kind: 'committed' });
    expect([segments(), ids()]).to.deep.equal([['0000000002.journal'], ['b']]);
  });
});
