import { expect } from 'chai';
import { EventIds } from '../../../../lib/telemetry/wire/EventIds';

const UUID_V4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('EventIds', () => {
  it('gives UUIDs of version 4, no two alike', () => {
    const ids = new EventIds();
    const given = Array.from({ length: 10_000 }, () => ids.next());
    for (const id of given) expect(id).to.match(UUID_V4);
    expect(new Set(given).size).to.equal(given.length);
  });

  it('begins somewhere else in each instance', () => {
    const [one, other] = [new EventIds(), new EventIds()];
    expect(one.next().slice(0, 30)).to.not.equal(other.next().slice(0, 30));
  });
});
