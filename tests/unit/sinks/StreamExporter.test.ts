import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import type { ExportedRecord } from '../../../lib/model/exportedRecord';
import { CallbackExporter } from '../../../lib/sinks/CallbackExporter';
import { StreamExporter } from '../../../lib/sinks/StreamExporter';

const records = [1, 2, 3].map((number) => ({ kind: 'statement', number }) as unknown as ExportedRecord);
const nameOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fulfilled',
    (thrown: unknown) => (thrown as Error).name,
  );
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('StreamExporter', () => {
  it('writes one line for each record, leaves the stream open and no listener behind', async () => {
    const stream = new PassThrough();
    const exporter = new StreamExporter(stream);
    await exporter.export(records);
    await exporter.close();
    await nextTurn();
    const lines = String(stream.read()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).to.deep.equal([1, 2, 3]);
    expect([stream.writableEnded, stream.listenerCount('error')]).to.deep.equal([false, 0]);
  });

  it('writes what its format says, on one line', async () => {
    const stream = new PassThrough();
    await new StreamExporter(stream, { format: () => 'two\nlines' }).export(records.slice(0, 1));
    expect(String(stream.read())).to.equal('two lines\n');
  });

  it('waits until the stream has taken the batch', async () => {
    let release: () => void = () => undefined;
    const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => (release = done) });
    let isOver = false;
    const exporting = new StreamExporter(slow).export(records).then(() => (isOver = true));
    await nextTurn();
    expect(isOver).to.equal(false);
    release();
    await exporting;
    expect(isOver).to.equal(true);
  });

  it('gives up when it is asked to stop', async () => {
    const stuck = new Writable({ write: () => undefined });
    const controller = new AbortController();
    const exporting = nameOf(new StreamExporter(stuck).export(records, controller.signal));
    controller.abort();
    expect(await exporting).to.equal('AbortError');
    expect(await nameOf(new StreamExporter(stuck).export(records, controller.signal))).to.equal('AbortError');
  });

  it('holds no more than a batch for a stream that does not drain, and goes on when it does', async () => {
    const written: string[] = [];
    let release: (() => void) | undefined;
    const stuck = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString());
        if (release === undefined) release = done;
        else done();
      },
    });
    const exporter = new StreamExporter(stuck, { format: (record) => JSON.stringify(record) });
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const controller = new AbortController();
      const exporting = nameOf(exporter.export(records, controller.signal));
      await nextTurn();
      controller.abort();
      expect(await exporting).to.equal('AbortError');
    }
    expect(stuck.writableLength).to.equal(Buffer.byteLength(written.join('')));
    expect([written.length, stuck.listenerCount('error'), stuck.listenerCount('close')]).to.deep.equal([1, 1, 1]);
    release?.();
    await exporter.export(records);
    await nextTurn();
    expect([written.length, stuck.writableLength, stuck.listenerCount('error')]).to.deep.equal([2, 0, 0]);
  });

  it('ends no process when the stream fails after it was given up', async () => {
    const stuck = new Writable({ write: () => undefined });
    const controller = new AbortController();
    const exporting = nameOf(new StreamExporter(stuck).export(records, controller.signal));
    await nextTurn();
    controller.abort();
    expect([await exporting, stuck.writableLength > 0]).to.deep.equal(['AbortError', true]);
    await nextTurn();
    stuck.destroy(new Error('gone'));
    await nextTurn();
    expect(stuck.destroyed).to.equal(true);
  });

  it('rejects, and ends no process, when the stream fails, is ended or destroyed', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new RangeError('full')) });
    expect(await nameOf(new StreamExporter(failing).export(records))).to.equal('RangeError');
    const ended = new PassThrough();
    ended.end();
    expect(await nameOf(new StreamExporter(ended).export(records))).to.equal('Error');
    const destroyed = new Writable({ write: () => undefined });
    const exporting = nameOf(new StreamExporter(destroyed).export(records));
    destroyed.destroy();
    expect(await exporting).to.equal('Error');
    await nextTurn();
    await nextTurn();
  });

  it('refuses what cannot be written to', () => {
    for (const given of [undefined, null, {}, 'stderr']) {
      expect(() => new StreamExporter(given as never)).to.throw(TypeError);
    }
  });
});

describe('CallbackExporter', () => {
  it('waits for a promise before it gives the next record, and goes on after a failure', async () => {
    const seen: string[] = [];
    const exporter = new CallbackExporter(async (record) => {
      const { number } = record as unknown as { number: number };
      seen.push(`${number} begins`);
      await nextTurn();
      seen.push(`${number} ends`);
      if (number === 2) throw new Error('no');
    });
    expect(await exporter.export(records)).to.include({ delivered: 2, rejected: 1 });
    expect(seen).to.deep.equal(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
  });

  it('keeps what it has not given when it is asked to stop', async () => {
    const controller = new AbortController();
    const exporter = new CallbackExporter(() => controller.abort());
    const result = await exporter.export(records, controller.signal);
    expect(result).to.deep.include({ delivered: 1, retained: records.slice(1) });
  });

  it('waits for what can be waited for, whoever made it', async () => {
    const seen: string[] = [];
    const lazy = { then: (resolve: (value: unknown) => void) => (seen.push('waited'), resolve(undefined)) };
    const failing = { then: (_: unknown, reject: (thrown: unknown) => void) => reject(new Error('no')) };
    let call = 0;
    const exporter = new CallbackExporter(() => [lazy, failing, { then: 'text' }][call++]);
    expect(await exporter.export(records)).to.include({ delivered: 2, rejected: 1 });
    expect(seen).to.deep.equal(['waited']);
  });

  it('refuses what is no function', () => {
    expect(() => new CallbackExporter(undefined as never)).to.throw(TypeError);
  });
});
