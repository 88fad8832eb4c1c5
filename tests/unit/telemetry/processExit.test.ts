import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startTestServer, type Answer, type TestServer } from '../.stubs/TestServer';

const NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';
const CHILD = path.resolve(__dirname, '../.stubs/exitingProcess.ts');
const run = promisify(execFile);
/** What a process could wait for, the flag or a request, takes three seconds and more. */
const PATIENT = { telemetryFeatureFlagTimeoutMs: 3000, telemetryRequestTimeoutMs: 60_000 };
const LONGEST_MS = 2500;

describe('a process with a hung server', function () {
  this.timeout(90_000);
  let server: TestServer;
  let hungMethods: string[];
  const flag: Answer = (response) => response.end(JSON.stringify({ flags: [{ name: NAME, value: 'true' }] }));

  beforeEach(async () => {
    server = await startTestServer((response, request) => {
      if (!hungMethods.includes(request.method)) flag(response, request);
    });
  });
  afterEach(() => server.stop());

  /** Milliseconds until the process has ended by itself, and what it complained about. */
  async function exit(how: 'close' | 'flush' | 'leave', options: object): Promise<{ ms: number; stderr: string }> {
    const args = ['-r', './tools/typescript.cjs', CHILD, String(server.port), server.ca, how, JSON.stringify(options)];
    const { stdout, stderr } = await run(process.execPath, args, { timeout: 60_000 });
    return { ms: Number(stdout), stderr };
  }

  for (const [name, methods] of [
    ['telemetry endpoint', ['POST']],
    ['feature flag', ['GET', 'POST']],
  ] as const) {
    describe(`(${name})`, () => {
      beforeEach(() => (hungMethods = [...methods]));

      it('ends with the close timeout after close(), whatever hangs', async () => {
        const { ms, stderr } = await exit('close', { ...PATIENT, telemetryCloseTimeoutMs: 500 });
        expect(ms).to.be.within(480, LONGEST_MS);
        expect(stderr).to.equal('');
      }).retries(2); // It measures time.

      it('is kept alive by flush() until its deadline and no longer', async () => {
        const { ms } = await exit('flush', { ...PATIENT, telemetryCloseTimeoutMs: 500 });
        expect(ms).to.be.within(480, LONGEST_MS);
      }).retries(2); // It measures time.

      it('ends at once without either, with a request under way', async () => {
        const { ms, stderr } = await exit('leave', { ...PATIENT, telemetryFlushIntervalMs: 100 });
        // A second and a half of the flag's time is over when it leaves.
        expect(ms).to.be.below(1200);
        expect(stderr).to.equal('');
        if (name === 'telemetry endpoint')
          expect(server.received.some(({ method }) => method === 'POST')).to.equal(true);
      }).retries(2); // It measures time.
    });
  }

  it('that has come back is sent everything before the process ends', async () => {
    hungMethods = [];
    const { ms } = await exit('close', {});
    expect(ms).to.be.below(LONGEST_MS);
    expect(server.received.map(({ method }) => method)).to.deep.equal(['GET', 'POST']);
  }).retries(2); // It measures time.
});
