import { expect } from 'chai';
import fc from 'fast-check';
import { writeDigits } from '../../../../lib/telemetry/wire/digits';

describe('writeDigits', () => {
  const number = fc.oneof(
    fc.nat(),
    fc.maxSafeNat(),
    fc.constantFrom(0, 10, 999_999, 1e6, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e12, Number.MAX_SAFE_INTEGER),
  );

  it('writes any whole number right-aligned, and nothing outside its place', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 20 }), (value, width) => {
        const bytes = Buffer.from('#'.repeat(width + 2));
        const fits = writeDigits(bytes, 1, width, value);
        expect(fits).to.equal(String(value).length <= width);
        expect([bytes.at(0), bytes.at(-1)]).to.deep.equal([0x23, 0x23]);
        if (fits) expect(bytes.toString('latin1', 1, width + 1)).to.equal(String(value).padStart(width));
      }),
    );
  });
});
