import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect } from 'chai';
import { generate } from 'selfsigned';
import { sendHttp, type HttpOutcome, type HttpTarget } from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';

const DAY_MS = 86_400_000;
const SECRET = 'Bearer of-the-connection';
const REQUEST = { method: 'POST', path: '/', headers: { authorization: SECRET }, body: '{}' } as const;

interface Pem {
  readonly cert: string;
  readonly private: string;
}

/** A certificate that signs itself, for `name`, valid from and to so many days from now. */
function certificate(name: string, fromDays: number, toDays: number): Promise<Pem> {
  return generate([{ name: 'commonName', value: name }], {
    ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
    notBeforeDate: new Date(Date.now() + fromDays * DAY_MS),
    notAfterDate: new Date(Date.now() + toDays * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
}

describe('sendHttp, over TLS with', () => {
  let good: Pem;
  let server: net.Server | undefined;
  before(async () => {
    good = await certificate('localhost', -1, 10);
  });
  afterEach(() => {
    server?.close();
    server = undefined;
  });

  /** Asks a server; tells how that ended, and what the server could read. */
  async function asked(listening: net.Server, trust: object): Promise<[HttpOutcome, string]> {
    server = listening;
    let read = '';
    server.on('secureConnection', (socket: tls.TLSSocket) => {
      socket
        .on('error', () => undefined)
        .on('data', (bytes: Buffer) => {
          read += bytes.toString();
          if (read.endsWith('{}')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        });
    });
    await once(server.listen(0, 'localhost'), 'listening');
    const { port } = server.address() as AddressInfo;
    const target: HttpTarget = {
      ...{ protocol: 'https:', hostname: 'localhost', port, tls: trust },
      getAgent: async () => undefined,
    };
    const outcome = await sendHttp(target, REQUEST, 10_000, new AbortController().signal, systemClock);
    return [outcome, read];
  }

  const serverOf = ({ cert, private: key }: Pem, options: tls.TlsOptions = {}): tls.Server => {
    const made = tls.createServer({ cert, key, ...options });
    return made.on('tlsClientError', () => undefined);
  };

  const CASES: ReadonlyArray<readonly [string, () => Promise<Pem>, boolean, string]> = [
    ['a certificate that has expired', () => certificate('localhost', -10, -1), true, 'CERT_HAS_EXPIRED'],
    ['a certificate that is not valid yet', () => certificate('localhost', 1, 10), true, 'CERT_NOT_YET_VALID'],
    ['a certificate for another name', () => certificate('other.test', -1, 10), true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a certificate that nobody vouches for', async () => good, false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ];
  for (const [title, made, isTrusted, code] of CASES) {
    it(`${title}, fails before anything of the request is said`, async () => {
      const pem = await made();
      const [outcome, read] = await asked(serverOf(pem), isTrusted ? { ca: pem.cert } : {});
      expect(outcome).to.deep.include({ kind: 'failed', code });
      expect(read).to.equal('');
    });
  }

  it('a server that asks for a certificate of the client, fails without one', async () => {
    const picky = serverOf(good, { requestCert: true, rejectUnauthorized: true, ca: good.cert });
    const [outcome] = await asked(picky, { ca: good.cert });
    expect(outcome.kind).to.equal('failed');
  });

  it('a server that speaks no TLS, fails before anything of the request is said', async () => {
    let read = '';
    const plain = net.createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (bytes: Buffer) => {
          read += bytes.toString('latin1');
          socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        });
    });
    const [outcome] = await asked(plain, {});
    expect(outcome.kind).to.equal('failed');
    expect(read).to.not.include(SECRET);
  });

  for (const [version, title] of [
    ['TLSv1.2', 'TLS 1.2, where the server asks for a new handshake in the middle'],
    ['TLSv1.3', 'TLS 1.3'],
  ] as const) {
    it(`${title}, gets its answer or says why not, and never without end`, async () => {
      const versions = { minVersion: version, maxVersion: version } as const;
      const renegotiating = serverOf(good, versions).on('secureConnection', (socket: tls.TLSSocket) => {
        if (version === 'TLSv1.2') socket.renegotiate({}, () => undefined);
      });
      const [outcome] = await asked(renegotiating, { ca: good.cert });
      expect(outcome).to.deep.include({ kind: 'response', status: 200 });
    });
  }
});
