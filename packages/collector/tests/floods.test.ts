import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { generate } from 'selfsigned';
import { startCollector } from 'databricks-telemetry-collector';
import { ByteBudget } from '../lib/http/ByteBudget';
import { Tokens } from '../lib/http/Tokens';
import { testGateway } from './gateway/testGateway';
import { statementLog } from './logs';
import { deliver, loaded, testCollector, until } from './testCollector';

const { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } = zlib;
const { zstdCompressSync } = zlib as { zstdCompressSync?: (body: Buffer) => Buffer };

/** How a handshake of TLS begins. */
const HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]);

describe('floods', function () {
  this.timeout(120_000);

  it('a few bytes that become many are refused in each encoding, also one within the other', async () => {
    const test = await testCollector();
    const send = async (body: Buffer, encoding: string): Promise<string> => {
      const response = await fetch(`${test.collector.address}/telemetry-ext`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: new Uint8Array(body),
      });
      const { error } = (await response.json()) as { error: { code: string } };
      return `${response.status} ${error.code}`;
    };
    const zeros = Buffer.alloc(16 * 2 ** 20);
    const encodings: [string, (body: Buffer) => Buffer][] = [
      ['gzip', gzipSync],
      ['x-gzip', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
      ['br', brotliCompressSync],
      ...(zstdCompressSync === undefined ? [] : [['zstd', zstdCompressSync] as [string, (body: Buffer) => Buffer]]),
    ];
    for (const [encoding, compress] of encodings) {
      const bomb = compress(zeros);
      expect(bomb.length, encoding).to.be.below(2 ** 20);
      expect(await send(bomb, encoding), encoding).to.equal('413 too_large');
      expect(await send(compress(bomb), encoding), `${encoding} twice`).to.equal('400 malformed_body');
      const twice = `${encoding}, ${encoding}`;
      expect(await send(compress(bomb), twice), twice).to.equal('415 unsupported_encoding');
    }
    await deliver(test.collector.address, [statementLog()]);
    await test.end();
  });

  it('bodies are decompressed a few at a time, whatever the number of requests; what they hold is given back', async () => {
    const budget = new ByteBudget(100);
    let [now, most] = [0, 0];
    const expand = async (): Promise<Buffer> => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return Buffer.alloc(10);
    };
    for (let round = 0; round < 3; round += 1) {
      let tried = 0;
      let release = (): void => undefined;
      const allTried = new Promise<void>((resolve) => (release = resolve));
      const body = (): Promise<void> =>
        budget.leased(async (lease) => {
          await lease.expand(expand).finally(() => (tried += 1) === 20 && release());
          await allTried;
        });
      const held = await Promise.allSettled(Array.from({ length: 20 }, body));
      expect(held.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(10);
    }
    expect(most).to.equal(4);
    expect(now).to.equal(0);
  });

  it('a thousand readers of the live view: a hundred get it, the others a refusal, and senders are served', async () => {
    const test = await testCollector({ requestsPerSecond: 1_000_000 });
    const agent = new Agent({ maxSockets: Infinity });
    const answers: IncomingMessage[] = [];
    const watch = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = get(`${test.collector.address}/api/v1/live`, { agent }, (response) => {
          response.resume();
          response.on('error', () => undefined);
          answers.push(response);
          resolve(response.statusCode ?? 0);
        });
        asked.on('error', reject);
      });
    const statuses = await Promise.all(Array.from({ length: 1_000 }, watch));
    expect(statuses.filter((status) => status === 200)).to.have.lengthOf(100);
    expect(statuses.filter((status) => status === 429)).to.have.lengthOf(900);
    await deliver(test.collector.address, [statementLog({ statementId: 'under-the-flood' })]);
    await loaded(test.client, 1);
    expect((await test.client.statement('under-the-flood')).statement.statementId).to.equal('under-the-flood');
    for (const answer of answers) answer.destroy();
    await until(watch, (status) => status === 200);
    agent.destroy();
    await test.end();
  });

  it('answers that nobody reads on are cut off, and no more than four exports wait on the disk for their readers', async () => {
    const test = await testCollector({ requestTimeoutMs: 3_000 });
    for (let batch = 0; batch < 5; batch += 1) {
      await deliver(
        test.collector.address,
        Array.from({ length: 5_000 }, () => statementLog()),
      );
    }
    await loaded(test.client, 25_000);
    const path = '/api/v1/export?format=jsonl&from=0';
    const sockets = Array.from({ length: 4 }, () => {
      const socket = connect(test.collector.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return socket;
    });
    const begun = sockets.map(async (socket) => {
      await once(socket, 'data');
      socket.pause();
    });
    await Promise.all(begun);
    const another = async (): Promise<[number, string | null]> => {
      const response = await fetch(test.collector.address + path);
      await response.body?.cancel();
      return [response.status, response.headers.get('retry-after')];
    };
    expect(await another()).to.deep.equal([429, '30']);
    await until(another, ([status]) => status === 200);
    await until(() => Promise.resolve(readdirSync(join(test.data, 'tmp'))), (files) => files.length === 0); // prettier-ignore
    for (const socket of sockets) socket.destroy();
    await test.end();
  });

  it('connections that say nothing, or say it byte by byte, are closed, with TLS and without', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const tls = { cert, key };
    const plain = await testCollector({ requestTimeoutMs: 500 });
    const secure = await testCollector({ requestTimeoutMs: 500, tls });
    const { gateway, port } = await testGateway({ upstream: 'http://127.0.0.1:9', requestTimeoutMs: 500, tls });
    for (const [to, begun] of [
      [plain.collector.port, 'GET / HTTP/1.1\r\nx: '],
      [secure.collector.port, HELLO],
      [port, HELLO],
    ] as const) {
      const closed = Array.from({ length: 20 }, (_, i) => {
        const socket = connect(to, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.resume();
        if (i % 2 === 1) socket.write(begun);
        const dripping = i % 4 === 1 ? setInterval(() => socket.write('y'), 50) : undefined;
        // Not by events.once(), which rejects when the last byte meets a connection that is closed already.
        return new Promise<void>((resolve) => {
          socket.once('close', () => {
            clearInterval(dripping);
            resolve();
          });
        });
      });
      // Each ends: it is the server that closes it.
      await Promise.all(closed);
    }
    await gateway.close();
    await secure.end();
    await plain.end();
  });
});

describe('a data folder', function () {
  this.timeout(180_000);

  it('under two names is one: a link to it opens it, and not a second time', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'collector-links-')));
    const link = join(folder, 'link');
    const test = await testCollector({}, mkdtempSync(join(folder, 'data-')));
    symlinkSync(test.data, link);
    const second: unknown = await startCollector({ port: 0, data: link }).catch((error: unknown) => error);
    expect((second as Error).message).to.equal(`The data folder is in use by this process: ${test.data}`);
    await deliver(test.collector.address, [statementLog({ statementId: 'before' })]);
    await loaded(test.client, 1);
    await test.collector.close();
    const linked = await testCollector({}, link);
    expect((await linked.client.statements()).statements.map(({ statementId }) => statementId)).to.deep.equal([
      'before',
    ]);
    await linked.collector.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a file of tokens', () => {
  it('that is being written refuses nobody: what is not in it is missed when it was looked for twice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'collector-tokens-'));
    const file = join(folder, 'tokens');
    let nowMs = performance.now();
    const write = (text: string): void => {
      writeFileSync(file, text);
      nowMs += 1_000;
    };
    write('token-one\ntoken-two\n');
    const tokens = new Tokens({ file });
    const taken = (): boolean[] => ['token-one', 'token-two'].map((token) => tokens.accepts(token, nowMs));
    expect(taken()).to.deep.equal([true, true]);
    for (const halfWritten of ['', '# new ones\n', 'tok']) {
      write(halfWritten);
      expect(taken(), halfWritten).to.deep.equal([true, true]);
      write('token-two\n');
      expect(taken(), halfWritten).to.deep.equal([false, true]);
      write('token-one\ntoken-two\n');
      expect(taken(), halfWritten).to.deep.equal([true, true]);
    }
    for (const nothing of ['', 'short']) {
      write(nothing);
      expect(taken()).to.deep.equal([true, true]);
      write(nothing);
      expect(taken(), nothing).to.deep.equal([false, false]);
      write('token-one\ntoken-two\n');
      expect(taken()).to.deep.equal([true, true]);
    }
    rmSync(folder, { recursive: true });
  });
});
