import { expect } from 'chai';
import { RateLimit } from '../lib/http/RateLimit';

/** Requests of `address` that still fit, at once. */
const fitting = (rate: RateLimit, address: string): number => {
  let count = 0;
  while (count < 100 && rate.allows(address, 0)) count += 1;
  return count;
};

describe('the rate of a client', () => {
  it('is that of an address of IPv4, also when it is written as one of IPv6', () => {
    const rate = new RateLimit(10);
    expect(fitting(rate, '192.0.2.1')).to.equal(10);
    expect(fitting(rate, '192.0.2.2')).to.equal(10);
    expect(fitting(rate, '::ffff:192.0.2.3')).to.equal(10);
    expect(fitting(rate, '::ffff:192.0.2.4')).to.equal(10);
  });

  it('is that of a network of IPv6: one client may have all addresses of a /64', () => {
    const rate = new RateLimit(10);
    expect(fitting(rate, '2001:db8:1:2::1')).to.equal(10);
    for (const address of ['2001:db8:1:2::2', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::', '2001:db8:1:2::1%eth0']) {
      expect(fitting(rate, address), address).to.equal(0);
    }
    for (const address of ['2001:db8:1:3::1', '2001:db8:1::2', '2001:db8::2:0:0:0:1', '::1', 'fe80::1%eth0']) {
      expect(fitting(rate, address), address).to.equal(10);
    }
    expect(fitting(rate, '::2')).to.equal(0);
    expect(fitting(rate, '2001:db8:1:0:5::9')).to.equal(0);
  });
});
