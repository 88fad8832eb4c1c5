import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { Live } from '../lib/api/Live';
import type { LoadReport } from '../lib/store/protocol';

interface Told {
  readonly statements: readonly unknown[];
  readonly left: number;
}

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

  it('gets the newest two hundred of many, none while it has not read the ones before, and is told how many not', async () => {
    const told: Told[] = [];
    const response = Object.assign(new EventEmitter(), {
      writableLength: 0,
      writableEnded: false,
      writeHead: () => response,
      end: () => response,
      write: (text: string) => {
        const data = /^event: statements\ndata: (.*)\n\n$/.exec(text)?.[1];
        if (data !== undefined) told.push(JSON.parse(data) as Told);
        return true;
      },
    });
    const live = watched();
    await live.watch({ message, url: new URL('http://localhost/'), response, isStillGranted: () => true } as never);
    const statements = Array.from({ length: 300 }, (_, i) => ({ timeMs: i }));
    const report = { statements } as unknown as LoadReport;
    live.loaded(report);
    response.writableLength = 5 * 2 ** 20;
    live.loaded(report);
    response.writableLength = 0;
    live.loaded({ ...report, statements: report.statements.slice(0, 3) });
    live.close();
    expect(told.map((event) => [event.statements.length, event.left])).to.deep.equal([
      [200, 100],
      [0, 300],
      [3, 0],
    ]);
    expect(told[0]?.statements.at(-1)).to.include({ timeMs: 299 });
  });
});
