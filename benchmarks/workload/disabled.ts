import { DBSQLClient as DriverClient } from '@databricks/sql';
import { bytesPerUnit, timePerUnit, turns, type Effort, type Subject } from '../harness/measure';
import { factOf, resultOf, type Result } from '../harness/report';
import { connect, runQuery, type Client } from './clients';
import { withWorkspace, type WorkspaceProcess } from './workspace';

/** What the driver asks its client for with every request. */
interface Internals {
  getDriver(): Promise<object>;
  getConnectionProvider(): Promise<object>;
}

const prototypeOf = (value: object): unknown => Object.getPrototypeOf(value);

/** That nothing stands between the application and the driver. */
async function facts(plain: Client, disabled: Client, workspace: WorkspaceProcess): Promise<Result[]> {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await workspace.ask({ forget: true });
  const [plainSession, session] = [await plain.openSession(), await disabled.openSession()];
  const [plainOperation, operation] = [
    await plainSession.executeStatement('SELECT 1 AS one'),
    await session.executeStatement('SELECT 1 AS one'),
  ];
  const internals = disabled as unknown as Internals;
  const driver = DriverClient.prototype as unknown as Internals;
  const isOwnDriver = (await internals.getDriver()) === (await driver.getDriver.call(disabled));
  const isOwnProvider =
    (await internals.getConnectionProvider()) === (await driver.getConnectionProvider.call(disabled));
  for (const opened of [plainOperation, operation, plainSession, session]) await opened.close();
  for (let i = 0; i < 5; i += 1) await runQuery(await disabled.openSession(), 'SELECT 1 AS one');
  await turns(5);
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length - before;
  const requests = await workspace.ask({ forget: true });
  return [
    factOf('off.session', "switched off: sessions have the driver's own prototype", sameClass(session, plainSession)),
    factOf(
      'off.operation',
      "switched off: operations have the driver's own prototype",
      sameClass(operation, plainOperation),
    ),
    factOf('off.driver', "switched off: getDriver() gives the driver's own object", isOwnDriver),
    factOf('off.provider', "switched off: getConnectionProvider() gives the driver's own object", isOwnProvider),
    factOf('off.requests', 'switched off: no telemetry or flag request', requests === 0),
    factOf('off.timers', 'switched off: no timer', timers <= 0),
  ];
}

function sameClass(ours: object, theirs: object): boolean {
  return prototypeOf(ours) === prototypeOf(theirs) && Object.getOwnPropertySymbols(ours).length === 0;
}

/** The one call that the driver makes through its client for each request. */
function gettingDriver(client: Client): Subject {
  const internals = client as unknown as Internals;
  const answers: Promise<object>[] = [];
  return {
    prepare: () => void (answers.length = 0),
    run: (count) => {
      for (let i = 0; i < count; i += 1) answers[i] = internals.getDriver();
    },
    settle: async () => void (await Promise.all(answers)),
  };
}

/** This library switched off beside the plain driver. */
export function disabled(effort: Effort): Promise<Result[]> {
  return withWorkspace(async (workspace) => {
    const plain = await connect('plain', workspace.settings);
    const off = await connect('disabled', workspace.settings);
    const results = await facts(plain, off, workspace);
    const subjects = { plain: gettingDriver(plain), disabled: gettingDriver(off) };
    const options = { subject: 'disabled', comparedWith: 'plain' } as const;
    const label = 'switched off: getDriver()';
    const each = { ...effort, count: 96 };
    results.push(
      resultOf('off.time', label, 'ns', await timePerUnit(subjects, each), options),
      resultOf('off.bytes', label, 'bytes', await bytesPerUnit(subjects, each), options),
    );
    await Promise.all([plain.close(), off.close()]);
    return results;
  });
}
