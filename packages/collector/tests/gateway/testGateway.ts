import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { startGateway, type Gateway, type GatewayOptions, type LogLine } from 'databricks-telemetry-collector';

export interface Upstream {
  readonly origin: string;
  /** Every request that it got. */
  readonly requests: IncomingMessage[];
  /** Connections that it has. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

type Handler = (message: IncomingMessage, response: ServerResponse) => void;

/** A server that stands where a workspace would. */
export async function upstreamThat(handle: Handler): Promise<Upstream> {
  const requests: IncomingMessage[] = [];
  const server = createServer((message, response) => {
    requests.push(message);
    handle(message, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server that says what `serve` writes, whatever HTTP would have it say. */
export async function rawUpstream(serve: (socket: Socket) => void): Promise<Pick<Upstream, 'origin' | 'close'>> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly port: number;
  readonly lines: LogLine[];
}

/** A collector that nobody listens for. */
export const NO_COLLECTOR = 'http://127.0.0.1:9';

export async function testGateway(options: Partial<GatewayOptions> & { upstream: string }): Promise<TestGateway> {
  const lines: LogLine[] = [];
  const gateway = await startGateway({
    collector: NO_COLLECTOR,
    port: 0,
    log: (line) => lines.push(line),
    ...options,
  });
  return { gateway, port: gateway.port, lines };
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
}

/** Sends a request to the gateway and reads the whole answer. */
export async function send(port: number, options: RequestOptions = {}, body?: string | Buffer): Promise<Received> {
  const asked = request({ host: '127.0.0.1', port, ...options });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  const { statusCode: status = 0, headers, rawHeaders, rawTrailers } = answer;
  return { status, headers, rawHeaders, rawTrailers, body: Buffer.concat(parts) };
}

/** A gateway in front of a server, for one test at a time. */
export class Front {
  upstream: Upstream | undefined;
  private gateway: TestGateway['gateway'] | undefined;

  /** Starts a gateway in front of a server that does `handle`; returns its port. */
  async before(
    handle: Parameters<typeof upstreamThat>[0],
    options: Partial<Parameters<typeof testGateway>[0]> = {},
  ): Promise<number> {
    this.upstream = await upstreamThat(handle);
    this.gateway = (await testGateway({ upstream: this.upstream.origin, ...options })).gateway;
    return this.gateway.port;
  }

  /** Closes the gateway. */
  async close(): Promise<void> {
    await this.gateway?.close();
  }

  /** Closes both; to be called after each test. */
  async end(): Promise<void> {
    await this.close();
    await this.upstream?.close();
    this.gateway = undefined;
    this.upstream = undefined;
  }
}

/** The `code` of an error that the gateway answers itself. */
export const codeOf = ({ body }: Received): string =>
  (JSON.parse(body.toString()) as { error: { code: string } }).error.code;

/** Everything that comes back for `bytes` until the connection ends, or for as long as nothing more comes. */
export function exchange(port: number, bytes: string | Buffer, quietMs = 5_000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** A certificate for this machine, and the authority that signed it. */
export async function ownIdentity(): Promise<{ cert: string; key: string; ca: string }> {
  const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'Authority of a test' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert, key, ca: authority.cert };
}
