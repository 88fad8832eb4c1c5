import v8 from 'node:v8';
import vm from 'node:vm';
import { expect } from 'chai';
import type { ConnectionInfo } from '../../../../lib/model/connection';
import type { ServerMessage } from '../../../../lib/model/messages';
import { Statement } from '../../../../lib/model/Statement';
import { OpenStatements, type OpenStatement } from '../../../../lib/sinks/channels/OpenStatements';
import { serverOf, statementMessage } from '../../../../lib/sinks/channels/statementMessage';
import type { Clock } from '../../../../lib/util/clock';
import { connectionTo, originTo } from '../../.stubs/origins';

const HOUR_MS = 3_600_000;

/** Time that passes when it is told to. */
class ManualClock implements Pick<Clock, 'now' | 'setTimeout' | 'clearTimeout'> {
  nowMs = 1000;
  readonly timers = new Map<object, { readonly work: () => void; readonly dueMs: number }>();

  readonly now = (): number => this.nowMs;

  setTimeout(work: () => void, ms: number): object {
    const timer = {};
    this.timers.set(timer, { work, dueMs: this.nowMs + ms });
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.timers.delete(handle as object);
  }

  /** Milliseconds until each timer is due. */
  get waits(): number[] {
    return [...this.timers.values()].map(({ dueMs }) => dueMs - this.nowMs);
  }

  pass(ms: number): void {
    this.nowMs += ms;
    for (const [timer, { work, dueMs }] of this.timers) {
      if (dueMs > this.nowMs) continue;
      this.timers.delete(timer);
      work();
    }
  }
}

describe('statements that nobody has ended', () => {
  let clock: ManualClock;
  let given: OpenStatement[];
  let open: OpenStatements;
  const ends = (): number => process.listeners('beforeExit').length;
  let endsBefore: number;

  beforeEach(() => {
    clock = new ManualClock();
    given = [];
    open = new OpenStatements((one) => void given.push(one), clock as unknown as Clock);
    endsBefore = ends();
  });
  afterEach(() => {
    expect([clock.waits, ends()], 'a timer or a listener is left').to.deep.equal([[], endsBefore]);
  });

  /** A connection, as its messages name it. */
  function connection(limits: Partial<ConnectionInfo> = {}): [ConnectionInfo, ServerMessage] {
    const info = { ...connectionTo(originTo({ port: 443, ca: '' }, 'T')), statementTtlMs: HOUR_MS, ...limits };
    const server = serverOf(info);
    open.connectionSeen(info, server);
    return [info, server];
  }

  /** One whose answer to the submission has come, unless told otherwise. */
  function begin(
    [info, server]: [ConnectionInfo, ServerMessage],
    facts: Partial<Statement> = {},
  ): [Statement, OpenStatement] {
    const statement = new Statement(info, 'session', 'EXECUTE_STATEMENT', 0, clock.now());
    Object.assign(statement, { submitLatencyMs: 1, ...facts });
    const one = open.add(statement, info, server, statementMessage(statement, server, undefined, undefined));
    return [statement, one];
  }
  /** These are given up, in this order, and no others. */
  function expectGiven(...ones: readonly (OpenStatement | undefined)[]): void {
    expect(given.map((one) => ones.indexOf(one))).to.deep.equal(ones.map((_one, index) => index));
  }
  /** As who ends it does. */
  const end = (one: OpenStatement): boolean => one.among.delete(one);

  it('have one timer and one listener for the end of the process, however many they are', () => {
    const [mine, theirs] = [connection(), connection()];
    for (let i = 0; i < 3; i += 1) {
      for (const each of [mine, theirs]) begin(each);
      clock.pass(10);
    }
    expect([clock.waits, ends()]).to.deep.equal([[HOUR_MS - 30], endsBefore + 1]);
    open.connectionClosed(mine[1]);
    expect([given.length, clock.waits.length]).to.deep.equal([3, 1]);
    open.connectionClosed(theirs[1]);
    expect([given.length, clock.waits, ends()]).to.deep.equal([6, [], endsBefore]);
    begin(theirs);
    expect([clock.waits, ends()]).to.deep.equal([[HOUR_MS], endsBefore + 1]);
    open.connectionClosed(theirs[1]);
  });

  it('are given up at their age, each once, and the timer goes to the next of them', () => {
    const [patient, hasty] = [connection(), connection({ statementTtlMs: 1000 })];
    const [, old] = begin(patient);
    const [, young] = begin(hasty);
    expect(clock.waits).to.deep.equal([1000]);
    clock.pass(999);
    expectGiven();
    clock.pass(1);
    expectGiven(young);
    expect(clock.waits).to.deep.equal([HOUR_MS - 1000]);
    clock.pass(HOUR_MS - 1000);
    expectGiven(young, old);
  });

  it('are left alone where they have ended', () => {
    const [, one] = begin(connection());
    expect(end(one)).to.equal(true);
    clock.pass(HOUR_MS);
    expectGiven();
  });

  const WAITED_FOR: Readonly<Record<string, Partial<Statement>>> = {
    'a call of the application waits for it': { activeCalls: 1 },
    'its submission has no answer yet': { submitLatencyMs: undefined },
  };
  for (const [why, facts] of Object.entries(WAITED_FOR)) {
    it(`live on while ${why}, and are looked at again every second`, () => {
      const [statement, one] = begin(connection(), facts);
      clock.pass(HOUR_MS);
      expect([given, clock.waits]).to.deep.equal([[], [1000]]);
      clock.pass(1000);
      expect([given, clock.waits]).to.deep.equal([[], [1000]]);
      Object.assign(statement, { activeCalls: 0, submitLatencyMs: 1 });
      clock.pass(1000);
      expectGiven(one);
    });
  }

  it('go at their age where something else has given them up, whoever waits', () => {
    const [, one] = begin(connection(), { activeCalls: 1, outcome: 'abandoned' });
    clock.pass(HOUR_MS);
    expectGiven(one);
  });

  it('are the newest of their connection where there are too many', () => {
    const [mine, theirs] = [connection({ maxStatementMetrics: 2 }), connection({ maxStatementMetrics: 2 })];
    const [oldest] = [1, 2].map(() => begin(mine)[1]);
    begin(theirs);
    expectGiven();
    begin(mine);
    expectGiven(oldest);
    for (const [, server] of [mine, theirs]) open.connectionClosed(server);
  });

  it('are given up where the process has nothing left to do, before its own listeners are called', () => {
    const order: unknown[] = [];
    const own = (): unknown => order.push('application');
    process.on('beforeExit', own);
    const [, one] = begin(connection());
    // The first of them: mocha's own are not called here.
    const [first] = process.listeners('beforeExit');
    first?.(0);
    process.removeListener('beforeExit', own);
    expectGiven(one);
    expect(order).to.deep.equal([]);
  });

  it('are given up when their connection is collected as garbage, and keep neither it nor themselves alive', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const [, one] = begin(connection());
    for (let i = 0; i < 400 && given.length === 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    expectGiven(one);
    expect(one.statement.deref()).to.equal(undefined);
  });

  it('are forgotten where they were collected and nobody has ended them', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const mine = connection();
    const [, one] = begin(mine, { activeCalls: 1 });
    for (let i = 0; i < 400 && one.statement.deref() !== undefined; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    expectGiven();
    clock.pass(HOUR_MS);
    expectGiven(one);
    expect(mine[0].statementTtlMs).to.equal(HOUR_MS);
  });

  it('are given up all, also where whoever is told of one throws', () => {
    open = new OpenStatements(
      (one) => {
        given.push(one);
        throw new Error('of a subscriber');
      },
      clock as unknown as Clock,
    );
    const mine = connection();
    for (let i = 0; i < 2; i += 1) begin(mine);
    open.connectionClosed(mine[1]);
    expect(given).to.have.length(2);
  });
});
