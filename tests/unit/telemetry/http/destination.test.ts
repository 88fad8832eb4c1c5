import { expect } from 'chai';
import { customDestination, workspaceDestination } from '../../../../lib/telemetry/http/destination';
import { EndpointMemory } from '../../../../lib/telemetry/http/endpoints';
import { toHostKey } from '../../../../lib/model/connection';
import { originTo } from '../../.stubs/origins';

const TLS = { ca: 'ca', cert: 'cert', key: 'key', rejectUnauthorized: false };
const origin = originTo({ port: 8443, ca: 'ca' }, 'T', { tls: TLS });

describe('a destination', () => {
  it('of the workspace is host, port, agent and TLS settings of the query connection', async () => {
    const target = workspaceDestination(toHostKey('w.test'), new EndpointMemory()).target(origin);
    expect(target).to.deep.include({ protocol: 'https:', hostname: 'localhost', port: 8443, tls: TLS });
    expect(await target.getAgent()).to.equal(await origin.getAgent());
  });

  it('of one’s own is where the URL points, without the client certificate and agent of the connection', async () => {
    const destination = customDestination('https://collector.test/in/v1?key=1');
    expect(destination).to.include({ key: 'collector.test:443' });
    const target = destination?.target(origin);
    expect(target).to.deep.include({ protocol: 'https:', hostname: 'collector.test', port: 443 });
    expect(target?.tls).to.deep.equal({ ca: 'ca', rejectUnauthorized: false });
    expect(await target?.getAgent()).to.equal(undefined);
    expect(destination?.paths('authenticated')).to.deep.equal(['/in/v1?key=1']);
    expect(destination?.paths('unauthenticated')).to.deep.equal(['/in/v1?key=1']);
  });

  for (const endpoint of ['http://collector.test:4300', 'http://collector.test:4300/']) {
    it(`of one’s own without a path (${endpoint}) listens where workspaces do, by mode`, () => {
      const destination = customDestination(endpoint);
      expect(destination?.paths('authenticated')).to.deep.equal(['/telemetry-ext']);
      expect(destination?.paths('unauthenticated')).to.deep.equal(['/telemetry-unauth']);
    });
  }

  for (const [endpoint, mayReadLocal] of [
    ['https://collector.test', true],
    ['http://127.0.0.1:4300', true],
    ['http://[::1]', true],
    ['http://collector.test', false],
    ['http://192.168.0.1', false],
  ] as const) {
    it(`of one’s own ${mayReadLocal ? 'may' : 'may not'} be given local fields at ${endpoint}`, () => {
      expect(customDestination(endpoint)).to.include({ mayReadLocal });
    });
  }

  it('of the workspace is never given local fields', () => {
    expect(workspaceDestination(toHostKey('w.test'), new EndpointMemory())).to.include({ mayReadLocal: false });
  });

  it('of one’s own has the ports and TLS settings that are usual where none are given', () => {
    const plain = customDestination('http://collector.test')?.target({ ...origin, tls: {} });
    expect(plain).to.deep.include({ protocol: 'http:', port: 80, tls: {} });
    expect(customDestination('http://collector.test:4318/')).to.include({ key: 'collector.test:4318' });
  });

  it('of one’s own has one path, whatever it answers', () => {
    const destination = customDestination('https://collector.test/a');
    destination?.preferSecondPath('authenticated');
    expect(destination?.paths('authenticated')).to.deep.equal(['/a']);
  });

  it('is nothing but an http or https URL', () => {
    for (const endpoint of ['', 'collector.test', '/path', 'file:///etc', 'ws://x']) {
      expect(customDestination(endpoint), endpoint).to.equal(undefined);
    }
  });
});
