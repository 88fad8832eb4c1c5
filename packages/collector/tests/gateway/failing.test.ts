import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../testCollector';
import { codeOf, Front, send, testGateway } from './testGateway';

const MIB = 2 ** 20;

describe('the gateway passes on, in trouble,', () => {
  const front = new Front();
  afterEach(() => front.end());

  it('no faster than the client reads: the workspace waits, and memory stays', async () => {
    let written = 0;
    const part = Buffer.alloc(MIB, 'x');
    const port = await front.before((_message, response) => {
      const more = (): void => {
        while (written < 200) {
          written += 1;
          if (!response.write(part)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const asked = request({ host: '127.0.0.1', port });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.pause();
    const standsStill = async (): Promise<boolean> => {
      const earlier = written;
      await sleep(300);
      return earlier === written;
    };
    await until(standsStill, (still) => still);
    expect(written).to.be.below(40);
    let got = 0;
    for await (const bytes of answer as AsyncIterable<Buffer>) got += bytes.length;
    expect(got).to.equal(200 * MIB);
  });

  it('no faster than the workspace reads: the client waits', async () => {
    let reading: IncomingMessage | undefined;
    const port = await front.before((message, response) => {
      reading = message;
      message.once('end', () => response.end());
    });
    let sent = 0;
    const asked = request({ host: '127.0.0.1', port, method: 'PUT', headers: { 'content-length': 100 * MIB } });
    const more = (): void => {
      while (sent < 100) {
        sent += 1;
        if (!asked.write(Buffer.alloc(MIB))) {
          asked.once('drain', more);
          return;
        }
      }
      asked.end();
    };
    more();
    await sleep(500);
    expect(sent).to.be.below(40);
    reading?.resume();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect([answer.statusCode, sent]).to.deep.equal([200, 100]);
  });

  it('that a client went away: the workspace’s request ends, while it waits and while it answers', async () => {
    const ended: string[] = [];
    const port = await front.before((message, response) => {
      response.once('close', () => ended.push(message.url ?? ''));
      if (message.url === '/answering') response.write('begun');
    });
    for (const path of ['/waiting', '/answering']) {
      const asked = request({ host: '127.0.0.1', port, path });
      asked.on('error', () => undefined);
      asked.end();
      await until(
        async () => front.upstream?.requests.map(({ url }) => url),
        (urls) => urls?.includes(path) === true,
      );
      asked.destroy();
      await until(
        async () => ended,
        (paths) => paths.includes(path),
      );
    }
  });

  it('that the workspace broke off: what was cut off does not look whole', async () => {
    const port = await front.before((message, response) => {
      if (message.url === '/length') response.writeHead(200, { 'content-length': 1_000 });
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    });
    for (const path of ['/length', '/chunks']) {
      const failure = await send(port, { path }).then(
        () => undefined,
        (error: unknown) => error as NodeJS.ErrnoException,
      );
      expect(failure?.code, path).to.equal('ECONNRESET');
    }
  });

  it('says 502 when nobody is there, 504 when nobody answers; and works again when somebody is', async () => {
    const { gateway, lines } = await testGateway({ upstream: 'http://127.0.0.1:9' });
    const down = await send(gateway.port, { path: '/sql/1.0/warehouses/secret-id?token=secret-token' });
    expect([down.status, codeOf(down)]).to.deep.equal([502, 'upstream_unreachable']);
    expect(down.body.toString()).to.include('ECONNREFUSED');
    expect((await send(gateway.port, { method: 'POST' }, 'x'.repeat(100_000))).status).to.equal(502);
    expect(lines.map(({ event }) => event)).to.deep.equal(['gateway_listening', 'upstream_failed']);
    expect(JSON.stringify(lines)).to.not.include('secret');
    expect(gateway.stats()).to.include({ requests: 2, failed: 2 });
    await gateway.close();

    let answers = false;
    const port = await front.before((_message, response) => (answers ? response.end('here') : undefined), {
      idleTimeoutMs: 1_000,
    });
    const silent = await send(port);
    expect([silent.status, codeOf(silent)]).to.deep.equal([504, 'upstream_timeout']);
    answers = true;
    expect((await send(port)).body.toString()).to.equal('here');
  });

  it('says 504 when a connection cannot be made in time', async () => {
    // It accepts, and never speaks TLS.
    const mute = createServer();
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { gateway } = await testGateway({
      upstream: `https://127.0.0.1:${(mute.address() as AddressInfo).port}`,
      connectTimeoutMs: 100,
    });
    expect((await send(gateway.port)).status).to.equal(504);
    await gateway.close();
    mute.close();
  });

  it('closes in bounded time, idle connections and endless answers included', async () => {
    const port = await front.before((message, response) => {
      if (message.url === '/idle') response.end();
      else response.write('x');
    });
    const agent = new Agent({ keepAlive: true });
    await send(port, { path: '/idle', agent });
    const endless = request({ host: '127.0.0.1', port, path: '/endless' });
    endless.on('error', () => undefined);
    endless.end();
    const [answer] = (await once(endless, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    const startMs = performance.now();
    await front.close();
    expect(performance.now() - startMs).to.be.below(30_000);
    agent.destroy();
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });
});
