import { expect } from 'chai';
import fc from 'fast-check';
import { decodeBatch } from '../lib/receive/decodeBatch';
import { SAMPLES } from './samples/drivers';

const BODIES = Number(process.env['COLLECTOR_FUZZ'] ?? 20_000);
const TEMPLATES = SAMPLES.flatMap(({ logs }) => logs.map((log) => JSON.stringify(log)));

/** A change of one place of a real log: a value of any kind, text included, or a cut. */
const mutated = fc
  .record({
    template: fc.constantFrom(...TEMPLATES),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    change: fc.oneof(fc.constant('cut'), fc.jsonValue({ maxDepth: 2 }), fc.string({ maxLength: 200 })),
  })
  .map(({ template, at, change }) => {
    if (change === 'cut') return template.slice(0, Math.floor(at * template.length));
    const colons = [...template.matchAll(/":("[^"]*"|\d+|true|false|null)/g)];
    const place = colons[Math.floor(at * colons.length)];
    if (place === undefined) return template;
    const start = place.index + 2;
    return template.slice(0, start) + JSON.stringify(change) + template.slice(start + (place[1]?.length ?? 0));
  });

describe(`bodies that nobody meant, ${BODIES} of them`, function () {
  this.timeout(Math.max(120_000, BODIES));

  it('every log is accepted or rejected under a rule, and nothing is thrown', async () => {
    const values = fc.sample(fc.oneof(mutated, fc.json({ maxDepth: 3 }), fc.string()), { numRuns: BODIES, seed: 7 });
    for (let i = 0; i < values.length; i += 20) {
      const protoLogs = values.slice(i, i + 20);
      const decoded = await decodeBatch(Buffer.from(JSON.stringify({ protoLogs })));
      if (decoded.kind !== 'batch') throw new Error(decoded.kind);
      const { received, rows, rejected } = decoded.batch;
      const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
      expect(rows.length + refused).to.equal(received);
      for (const row of rows) {
        for (const value of Object.values(row)) expect(['string', 'number', 'boolean']).to.include(typeof value);
        expect(Object.getPrototypeOf(row)).to.equal(Object.prototype);
      }
    }
  });

  it('a body of any bytes is a batch or malformed', async () => {
    for (const bytes of fc.sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 2_000, seed: 7 })) {
      expect(['batch', 'malformed']).to.include((await decodeBatch(Buffer.from(bytes))).kind);
    }
  });
});
