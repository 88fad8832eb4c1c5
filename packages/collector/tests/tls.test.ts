import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { LogLine } from 'databricks-telemetry-collector';
import { generate } from 'selfsigned';
import { testGateway } from './gateway/testGateway';
import { testCollector, until } from './testCollector';

describe('TLS', () => {
  it('speaks TLS with the certificate that it is given', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const test = await testCollector({ tls: { cert, key } });
    expect(test.collector.address).to.match(/^https:/);
    const { host } = new URL(test.collector.address);
    const trusting = { ca: cert, servername: 'localhost', checkServerIdentity: () => undefined };
    const statusFrom = (origin: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        requestTls(`${test.collector.address}/healthz`, { ...trusting, headers: { origin } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusFrom(`https://${host}`)).to.equal(200);
    // Whoever can change what is sent in the clear could have made that page.
    expect(await statusFrom(`http://${host}`)).to.equal(403);
    await test.end();
  });

  it('serves a renewed certificate without a restart, and the last one while its files hold none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'collector-certificate-'));
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const write = async (name: string): Promise<void> => {
      const { cert, private: key } = await generate([{ name: 'commonName', value: name }]);
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
    };
    await write('first');
    const lines: LogLine[] = [];
    const test = await testCollector({ tls: { certFile, keyFile }, log: (line) => lines.push(line) });
    const { gateway, port } = await testGateway({ upstream: 'http://127.0.0.1:9', tls: { certFile, keyFile } });
    const served = (to: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: to, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        }).on('error', reject);
      });
    const both = (): Promise<unknown[]> => Promise.all([served(test.collector.port), served(port)]);
    expect(await both()).to.deep.equal(['first', 'first']);
    writeFileSync(keyFile, 'no key');
    await until(
      () => Promise.resolve(lines),
      (all) => all.some(({ event }) => event === 'certificate_refused'),
    );
    expect(await both()).to.deep.equal(['first', 'first']);
    await write('second');
    await until(both, (names) => names.every((name) => name === 'second'));
    expect(lines.filter(({ event }) => event.startsWith('certificate_')).map(({ event }) => event)).to.deep.equal([
      'certificate_refused',
      'certificate_renewed',
    ]);
    await gateway.close();
    await test.end();
    rmSync(folder, { recursive: true, force: true });
  });
});
