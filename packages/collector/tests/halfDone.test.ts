import { expect } from 'chai';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from '../lib/cli/failure';
import { run } from './commandLine';

describe('a file that a verb cannot make whole', function () {
  this.timeout(60_000);
  let folder: string;
  let made: string;
  let server: Server;
  let url: string[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'half-done-'));
    made = join(folder, 'made');
    server = createServer((message, response) => {
      if (message.method === 'POST') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ folder: made }));
        return;
      }
      response.writeHead(200, { 'content-length': '1000' });
      response.write('statementId\n');
      setTimeout(() => response.destroy(), 200);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = ['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves the file of an earlier export as it was, and no part of the new one', async () => {
    const output = join(folder, 'a.csv');
    writeFileSync(output, 'earlier');
    expect((await run(['export', ...url, '--output', output])).code).to.equal(1);
    expect([readFileSync(output, 'utf8'), readdirSync(folder)]).to.deep.equal(['earlier', ['a.csv']]);
  });

  it('leaves neither half a backup nor the one of the collector', async () => {
    mkdirSync(made);
    writeFileSync(join(made, 'a'), 'first');
    const socket = createSocket().listen(join(made, 'b'));
    await once(socket, 'listening');
    const output = join(folder, 'backup');
    expect((await run(['backup', ...url, '--output', output])).code).to.equal(1);
    expect([readdirSync(output), existsSync(made)]).to.deep.equal([[], false]);
    socket.close();
  });

  it('is named with the reason, in a sentence', () => {
    const error = (message: string, facts: object): Error => Object.assign(new Error(message), facts);
    for (const [thrown, sentence] of [
      [
        error('ENOSPC: no space left on device, write', { code: 'ENOSPC', syscall: 'write' }),
        'The file cannot be written: no space left on device.',
      ],
      [
        error("ENOSPC: no space left on device, copyfile '/a' -> '/b'", { code: 'ENOSPC', path: '/a', dest: '/b' }),
        '/b cannot be used: no space left on device.',
      ],
    ] as const) {
      expect(sentenceOf(thrown)).to.equal(sentence);
    }
  });
});
