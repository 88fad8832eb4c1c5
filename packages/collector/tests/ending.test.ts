import { expect } from 'chai';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { generate } from 'selfsigned';
import { gatewaySettingsOf } from '../lib/gateway/options';
import { GatewayServer } from '../lib/gateway/GatewayServer';
import { HttpServer } from '../lib/http/HttpServer';
import { settingsOf, type TlsOptions } from '../lib/options';

const HOUR_MS = 3_600_000;
const GET = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';

const NOWHERE = { upstream: 'http://127.0.0.1:9', collector: 'http://127.0.0.1:9' };

type Handle = (message: unknown, response: ServerResponse) => void;
const SERVERS = {
  collector: (tls: { tls?: TlsOptions }, handle: Handle) => new HttpServer(settingsOf({ port: 0, ...tls }), handle),
  gateway: (tls: { tls?: TlsOptions }, handle: Handle) =>
    new GatewayServer(gatewaySettingsOf({ ...NOWHERE, port: 0, ...tls }), handle),
};

describe('the end of a server', () => {
  for (const [name, serverOf] of Object.entries(SERVERS)) {
    for (const isSecure of [false, true]) {
      it(`of the ${name}${isSecure ? ' with TLS' : ''} waits for requests, and for no connection without one`, async () => {
        const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
        const waiting: ServerResponse[] = [];
        const server = serverOf(isSecure ? { tls: { cert, key } } : {}, (_message, response) => waiting.push(response));
        const port = await server.listen();
        const open = async (): Promise<Socket> => {
          const socket = isSecure ? connectTls({ port, rejectUnauthorized: false }) : connect(port, '127.0.0.1');
          await once(socket, isSecure ? 'secureConnect' : 'connect');
          return socket.on('error', () => undefined).resume();
        };
        const [silent, asking] = [await open(), await open()];
        let answer = '';
        asking.on('data', (part: Buffer) => (answer += part.toString()));
        asking.write(GET);
        while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
        const closed = server.close(HOUR_MS);
        await once(silent, 'close');
        expect(answer).to.equal('');
        // Its connection is one that would be used again.
        waiting[0]?.end('answered');
        await closed;
        expect(answer)
          .to.match(/keep-alive/i)
          .and.match(/answered$/);
      });
    }
  }
});
