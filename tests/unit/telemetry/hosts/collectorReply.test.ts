import { expect } from 'chai';
import { readCollectorReply } from '../../../../lib/telemetry/hosts/collectorReply';
import type { HttpOutcome } from '../../../../lib/telemetry/http/transport';

const FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

const response = (status: number, body?: unknown, retryAfter?: string): HttpOutcome => ({
  kind: 'response',
  status,
  retryAfter,
  body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
});
const read = (outcome: HttpOutcome) => readCollectorReply(outcome, 0);
const said = (configuration: object) => read(response(200, { configuration }));

describe('the reply of a collector', () => {
  it('is taken for what it says: on, level, rate, local fields and their time', () => {
    const configuration = { enabled: true, level: 'WARN', sampleRate: 0.25, local: 1, ttlSeconds: 60, decidedBy: [] };
    const flags = [{ name: FLAG, value: 'true' }];
    expect(read(response(200, { flags, ttl_seconds: 900, configuration }))).to.deep.equal({
      answer: { kind: 'answer', enabled: true, ttlMs: 60_000 },
      wishes: { logLevel: 'WARN', sampleRate: 0.25, readsLocal: true },
    });
  });

  const ON = { kind: 'answer', enabled: true, ttlMs: undefined };
  const NOTHING = { logLevel: undefined, sampleRate: 1, readsLocal: false };

  for (const [what, outcome] of [
    ['404', response(404)],
    ['405', response(405)],
    ['200 with an object that speaks of neither', response(200, { ok: true })],
  ] as const) {
    it(`that speaks of no configuration (${what}) leaves everything to the application, without local fields`, () => {
      expect(read(outcome)).to.deep.equal({ answer: ON, wishes: NOTHING });
    });
  }

  for (const [what, outcome] of [
    ['no answer', { kind: 'timeout' }],
    ['a connection that was refused', { kind: 'failed', name: 'Error', code: 'ECONNREFUSED' }],
    ['302', response(302)],
    ['307', response(307)],
    ['503', response(503)],
    ['401', response(401)],
    ['403', response(403)],
    ['200 with a page', response(200, '<html>')],
    ['200 that broke off', response(200)],
  ] as const) {
    it(`that is none (${what}) decides nothing`, () => {
      const { answer, wishes } = read(outcome);
      expect(answer.kind).to.equal('none');
      expect(wishes).to.equal(undefined);
    });
  }

  it('of an overloaded collector says when to come back', () => {
    expect(read(response(429, undefined, '30')).answer).to.deep.include({ kind: 'none', retryAfterMs: 30_000 });
  });

  for (const [what, body] of [
    ['the flag is off', { flags: [{ name: FLAG, value: 'false' }] }],
    ['the flag is missing', { flags: [] }],
    ['the configuration is off', { flags: [{ name: FLAG, value: 'true' }], configuration: { enabled: false } }],
    ['the level is OFF', { configuration: { level: 'OFF' } }],
    ['the switch cannot be understood', { configuration: { enabled: 'yes' } }],
    ['the level cannot be understood', { configuration: { level: 'LOUD' } }],
    ['the rate cannot be understood', { configuration: { sampleRate: 7 } }],
    ['the rate is a text', { configuration: { sampleRate: '0.5' } }],
  ] as const) {
    it(`closes when ${what}`, () => {
      expect(read(response(200, body)).answer).to.include({ kind: 'answer', enabled: false });
    });
  }

  for (const local of [0, 2, '1', true, null, undefined]) {
    it(`asks for local fields by no version but the one that this library writes: not by ${String(local)}`, () => {
      expect(said({ enabled: true, local }).wishes?.readsLocal).to.equal(false);
    });
  }
});
