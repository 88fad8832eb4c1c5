import { expect } from 'chai';
import { toHostKey } from '../../../../lib/model/connection';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';

const key = (index: number): ReturnType<typeof toHostKey> => toHostKey(`h${index}.test`);

describe('HostRegistry', () => {
  it('keeps the state of a host', () => {
    const hosts = new HostRegistry();
    expect(hosts.get(key(1))).to.equal(hosts.get(key(1)));
    expect(hosts.get(key(1))).to.not.equal(hosts.get(key(2)));
  });

  it('forgets the oldest host that nobody uses when there are too many', () => {
    const hosts = new HostRegistry({}, 3);
    const states = [0, 1, 2].map((index) => hosts.get(key(index)));
    states[0]?.flag.lease(undefined);
    hosts.get(key(3));
    expect(hosts.get(key(0))).to.equal(states[0]);
    expect(hosts.get(key(2))).to.equal(states[2]);
    expect(hosts.get(key(1))).to.not.equal(states[1]);
  });

  it('forgets no host that has a running client', () => {
    const hosts = new HostRegistry({}, 1);
    const state = hosts.get(key(0));
    state.running.set('', { client: undefined as never, leases: 1 });
    hosts.get(key(1));
    expect(hosts.get(key(0))).to.equal(state);
    state.running.clear();
    hosts.get(key(2));
    expect(hosts.get(key(0))).to.not.equal(state);
  });

  it('holds a thousand hosts by default', () => {
    const hosts = new HostRegistry();
    const first = hosts.get(key(0));
    for (let index = 1; index < 1000; index += 1) hosts.get(key(index));
    expect(hosts.get(key(0))).to.equal(first);
    hosts.get(key(1000));
    expect(hosts.get(key(0))).to.not.equal(first);
  });
});
