import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Live } from '../lib/api/Live';
import type { LoadReport } from '../lib/store/protocol';
import { until } from './testCollector';

interface Told {
  readonly statements: readonly unknown[];
  readonly left: number;
}

/** An answer that is read as the test says, and what was written to it. */
function reader(): ServerResponse & { written: unknown[]; writableLength: number } {
  const written: unknown[] = [];
  const response = Object.assign(new EventEmitter(), {
    written,
    writableLength: 0,
    writableEnded: false,
    writeHead: () => response,
    end: () => response,
    write: (data: unknown) => written.push(data),
  });
  return response as never;
}

const statementsTold = (written: readonly unknown[]): Told[] =>
  written.flatMap((data) => {
    const [, told] = /^event: statements\ndata: (.*)\n\n$/.exec(String(data)) ?? [];
    return told === undefined ? [] : [JSON.parse(told) as Told];
  });
const reportOf = (count: number): LoadReport =>
  ({ statements: Array.from({ length: count }, (_, i) => ({ timeMs: i })) }) as unknown as LoadReport;

describe('a watcher of the live view', () => {
  const nobody = (): Promise<never> => Promise.reject(new Error('Nobody asks.'));
  const watched = (): Live => new Live({ onWatched: () => undefined, health: nobody, newest: nobody });
  const message = { method: 'GET' };

  it('that comes while the collector stops is told to come back', async () => {
    const live = watched();
    live.close();
    const come = live.watch({ message, url: new URL('http://localhost/'), response: new EventEmitter() } as never);
    expect(await come.catch((error: unknown) => error)).to.include({ status: 503, code: 'stopping' });
  });

  it('that cannot be told what is stored is let go, and comes back with its question', async () => {
    let ended = 0;
    const response = Object.assign(new EventEmitter(), {
      writeHead: () => response,
      end: () => (ended += 1),
      write: () => true,
    });
    await watched().watch({ message, url: new URL('http://localhost/?from=1'), response } as never);
    expect(ended).to.equal(1);
    response.emit('close');
  });

  const watch = async (live: Live, query = ''): Promise<ReturnType<typeof reader>> => {
    const response = reader();
    const url = new URL(`http://localhost/?${query}`);
    await live.watch({ message, url, response, isStillGranted: () => true } as never);
    return response;
  };

  it('gets the newest two hundred of many, none while it has not read the ones before, and is told how many not', async () => {
    const live = watched();
    const response = await watch(live);
    live.loaded(reportOf(300));
    response.writableLength = 2 * 2 ** 20;
    const before = response.written.length;
    live.loaded(reportOf(300));
    live.loaded(reportOf(30));
    // Whoever reads nothing makes nothing grow.
    expect(response.written).to.have.lengthOf(before);
    response.writableLength = 0;
    live.loaded(reportOf(3));
    live.close();
    const told = statementsTold(response.written);
    expect(told.map((event) => [event.statements.length, event.left])).to.deep.equal([
      [200, 100],
      [0, 330],
      [3, 0],
    ]);
    expect(told[0]?.statements.at(-1)).to.include({ timeMs: 299 });
  });

  it('gets no health either while it does not read, and is told what it has missed with the next one', async function () {
    this.timeout(20_000);
    let asked = 0;
    const health = (): Promise<never> => Promise.resolve({ asked: (asked += 1) } as never);
    const live = new Live({ onWatched: () => undefined, health, newest: nobody });
    const [slow, fast] = [await watch(live), await watch(live)];
    slow.writableLength = 2 * 2 ** 20;
    live.loaded(reportOf(7));
    await until(() => Promise.resolve(fast.written.length), (length) => length >= 3); // prettier-ignore
    expect(slow.written).to.have.lengthOf(1);
    slow.writableLength = 0;
    await until(() => Promise.resolve(slow.written.length), (length) => length >= 3); // prettier-ignore
    live.close();
    expect(statementsTold(slow.written).map(({ statements, left }) => [statements.length, left])).to.deep.equal([
      [0, 7],
    ]);
    expect(String(slow.written.at(-1))).to.match(/^event: health\n/);
  });

  it('shares what is made for it with all who watch the same, however many they are', async () => {
    const live = watched();
    const [one, other, filtered] = [await watch(live), await watch(live), await watch(live, 'service=a')];
    live.loaded(reportOf(5));
    live.close();
    expect(one.written.at(-1)).to.equal(other.written.at(-1)).and.to.be.instanceOf(Buffer);
    expect(statementsTold(one.written)).to.have.lengthOf(1);
    expect(statementsTold(filtered.written)).to.have.lengthOf(0);
  });
});
