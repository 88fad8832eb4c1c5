import { expect } from 'chai';
import { toHostKey } from '../../../../lib/model/connection';
import { HostRegistry, type HostState, type Slot } from '../../../../lib/telemetry/hosts/HostRegistry';

const use = (state: HostState | undefined, by: number): void => {
  if (state !== undefined) state.users += by;
};
const key = (index: number): ReturnType<typeof toHostKey> => toHostKey(`h${index}.test`);

describe('HostRegistry', () => {
  it('keeps the state of a host', () => {
    const hosts = new HostRegistry();
    expect(hosts.get(key(1))).to.equal(hosts.get(key(1)));
    expect(hosts.get(key(1))).to.not.equal(hosts.get(key(2)));
  });

  it('keeps one part of each kind for a host, made when it is asked for first', () => {
    const hosts = new HostRegistry();
    let made = 0;
    const slot: Slot<{ number: number }> = { create: () => ({ number: (made += 1) }) };
    const other: Slot<string> = { create: () => 'other' };
    expect(hosts.get(key(1)).get(slot)).to.equal(hosts.get(key(1)).get(slot));
    expect(hosts.get(key(2)).get(slot)).to.deep.equal({ number: 2 });
    expect(hosts.get(key(1)).get(other)).to.equal('other');
  });

  it('keeps a part that is undefined', () => {
    let made = 0;
    const slot: Slot<undefined> = { create: () => void (made += 1) };
    const state = new HostRegistry().get(key(1));
    for (let i = 0; i < 2; i += 1) expect(state.get(slot)).to.equal(undefined);
    expect(made).to.equal(1);
  });

  it('keeps what belongs to no single host, apart from other registries', () => {
    const hosts = new HostRegistry();
    let made = 0;
    const number: Slot<{ number: number }> = { create: () => ({ number: (made += 1) }) };
    const neighbour: Slot<unknown> = { create: (slots) => slots.get(number) };
    expect(hosts.common.get(neighbour)).to.equal(hosts.common.get(number));
    expect(new HostRegistry().common.get(neighbour)).to.deep.equal({ number: 2 });
  });

  it('forgets the oldest host that nobody uses when there are too many', () => {
    const hosts = new HostRegistry(3);
    const states = [0, 1, 2].map((index) => hosts.get(key(index)));
    use(states[0], 1);
    hosts.get(key(3));
    expect(hosts.get(key(0))).to.equal(states[0]);
    expect(hosts.get(key(2))).to.equal(states[2]);
    expect(hosts.get(key(1))).to.not.equal(states[1]);
  });

  it('forgets no host that somebody uses', () => {
    const hosts = new HostRegistry(1);
    const state = hosts.get(key(0));
    use(state, 1);
    hosts.get(key(1));
    expect(hosts.get(key(0))).to.equal(state);
    use(state, -1);
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
