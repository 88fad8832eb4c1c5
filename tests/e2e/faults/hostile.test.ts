import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { HOSTILE_ANSWERS, type HostileAnswer } from '../../unit/.stubs/hostileAnswers';
import { expectAccounted } from '../support/accounts';
import { connectTo, type Session } from '../support/application';
import { HostileFront } from '../support/HostileFront';
import { Surprises } from '../support/surprises';
import { until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

/** Longer than an answer is left to be read: nothing of telemetry is under way when the application goes on. */
const PAUSE_MS = 300;
const AT_ONCE = 4;
const FLAG = 'feature-flags';

/** The front ends what it answers itself; no limit of these is reached, on however slow a machine. */
const LAZY: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 3_600_000,
  telemetryRequestTimeoutMs: 10_000,
  telemetryMaxRetries: 0,
  telemetryCloseTimeoutMs: 10_000,
};

/** Until no connection is left that the front is about to close. */
async function pause(front: HostileFront): Promise<void> {
  await sleep(PAUSE_MS);
  await until('answered connections are closed', () => front.open === 0);
  await sleep(PAUSE_MS);
}

async function expectRows(session: Session): Promise<void> {
  const operation = await session.executeStatement('SELECT id FROM range(3)');
  expect((await operation.fetchAll()).length).to.equal(3);
  await operation.close();
}

describe('whatever is answered in the place of the workspace,', function () {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  const surprises = new Surprises();
  before(async () => {
    workspace = await startFreshWorkspace();
    surprises.start();
  });
  after(async () => {
    surprises.stop();
    await workspace.close();
  });

  /** A day of an application whose requests of telemetry to `path` are answered with `answer`. */
  async function day(path: string, { title, write }: HostileAnswer): Promise<void> {
    const front = await HostileFront.start(workspace, { path, write });
    try {
      const client = await connectTo(workspace, { ...LAZY, port: front.port, customCaCert: front.ca } as object);
      if (path === FLAG) await until('the flag is asked for', () => front.answered > 0);
      await pause(front);
      const session = await client.openSession();
      await expectRows(session);
      await client.flushTelemetry({ deadlineMs: 10_000 });
      await pause(front);
      await expectRows(session);
      await session.close();
      await client.close();
      expect(front.answered, title).to.be.greaterThan(0);
      const stats = client.getTelemetryStats();
      expectAccounted(stats);
      expect(stats.pending, title).to.equal(0);
      expect(client.explainTelemetry().reasons, title).to.not.deep.equal([]);
    } finally {
      await front.close();
    }
  }

  for (const [path, what] of [
    [FLAG, 'for the flag'],
    ['telemetry-ext', 'for records'],
  ] as const) {
    it(`${what}, queries work, and every record is accounted for`, async () => {
      for (let next = 0; next < HOSTILE_ANSWERS.length; next += AT_ONCE) {
        await Promise.all(HOSTILE_ANSWERS.slice(next, next + AT_ONCE).map((answer) => day(path, answer)));
      }
      expect(surprises.seen).to.deep.equal([]);
    });
  }
});
