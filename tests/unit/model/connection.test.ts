import { expect } from 'chai';
import fc from 'fast-check';
import { NO_HOST, splitHostKey, toHostKey } from '../../../lib/model/connection';

describe('toHostKey', () => {
  for (const host of ['h.test', 'H.Test', ' h.test ', 'https://h.test', 'https://H.test/', 'h.test:443', 'h.test.']) {
    it(`is one key for ${JSON.stringify(host)}`, () => expect(toHostKey(host)).to.equal('h.test'));
  }

  const ports: readonly [string, unknown, string][] = [
    ['h.test', undefined, 'h.test'],
    ['h.test', 443, 'h.test'],
    ['h.test', 8443, 'h.test:8443'],
    ['h.test:8443', undefined, 'h.test:8443'],
    ['[::1]:8443', undefined, '[::1]:8443'],
    ['h.test', '8443', 'h.test:8443'],
    ['h.test', '443', 'h.test'],
    ['h.test', '', 'h.test'],
    ['h.test', 0, 'h.test'],
    ['h.test', NaN, 'h.test'],
    ['h.test', null, 'h.test'],
  ];
  for (const [host, port, key] of ports) {
    it(`goes where the driver goes: ${host} with the port ${String(port)} is ${key}`, () => {
      expect(toHostKey(host, port as number)).to.equal(key);
    });
  }

  const nameless: readonly [unknown, unknown?][] = [
    ['//attacker.example'],
    ['/'],
    [''],
    [' '],
    ['https://'],
    [':8443'],
    ['user:secret@h.test'],
    ['a b'],
    ['h.test', 'abc'],
    ['h.test', -1],
    ['h.test', 1.5],
    ['h.test', 65_536],
    [undefined],
    [{}],
  ];
  for (const [host, port] of nameless) {
    it(`names no host for ${JSON.stringify([host, port])}`, () => {
      expect(toHostKey(host as string, port as number)).to.equal(NO_HOST);
    });
  }

  it('is found again from what it is split into, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.integer(), { nil: undefined }), (host, port) => {
        const key = toHostKey(host, port);
        const parts = splitHostKey(key);
        if (key !== NO_HOST) expect(toHostKey(parts.hostname, parts.port)).to.equal(key);
      }),
    );
  });
});
