import { expect } from 'chai';
import type { Receiver } from '../../../../lib/contracts/Receiver';
import type { Statement } from '../../../../lib/model/Statement';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { linkPage } from '../../.stubs/thriftAnswers';

const FAILURE = new Error('of the receiver');

/** Notes what it is told. */
class Noting implements Required<Omit<Receiver, 'runner'>> {
  readonly told: string[] = [];
  private readonly note =
    (what: string) =>
    (...args: readonly (object | string | number | undefined)[]): void => {
      const of = args.map((arg) => (typeof arg === 'object' ? arg.constructor.name : `${arg}`));
      this.told.push([what, ...of].join(' '));
    };
  connectStarted = this.note('connectStarted');
  connectEnded = this.note('connectEnded');
  sessionStarted = this.note('sessionStarted');
  sessionEnded = this.note('sessionEnded');
  sessionClosed = this.note('sessionClosed');
  statementStarted = this.note('statementStarted');
  statementEnded = this.note('statementEnded');
  connectionClosed = this.note('connectionClosed');
  failed = this.note('failed');
  fileEnded = this.note('fileEnded');
  retried = this.note('retried');
}

const NAMES = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined } as const;

describe('Audience', () => {
  let connection: ObservedConnection;
  beforeEach(() => (connection = new ObservedConnection()));

  /** A session with one statement, one file of which comes in the third attempt, and which then fails. */
  function work(): Statement {
    const { observer } = connection;
    const opening = observer.sessionStarted();
    observer.sessionOpened(opening, { id: 'session-1' });
    const statement = observer.statementStarted('session-1', NAMES, false, 'SELECT 1');
    observer.files.offered(statement, linkPage([10]).results?.resultLinks ?? []);
    const file = observer.files.downloads.claim('https://store.test/0');
    if (file !== undefined) observer.files.downloaded(file, 5, 100, { count: 3, causes: ['503', '503'] });
    observer.statementFailed(statement, new Error('of the query'), 'fetch', observer.clock.now());
    observer.sessionClosed('session-1');
    observer.sessionFailed(observer.sessionStarted(), FAILURE, false);
    return statement;
  }

  it('tells every receiver of a session, its statements, files and failures, in their order', () => {
    const [first, second] = [new Noting(), new Noting()];
    connection.observer.audience.set([first, second]);
    work();
    expect(first.told).to.deep.equal([
      'sessionStarted Object',
      'sessionEnded Object Object session-1',
      'statementStarted Statement SELECT 1',
      'retried Statement 2 Array',
      'fileEnded Object',
      'failed Object',
      'statementEnded Statement',
      'sessionClosed Object session-1 undefined',
      'sessionStarted Object',
      'failed Object',
      'sessionEnded Object Object undefined',
    ]);
    expect(second.told).to.deep.equal(first.told);
  });

  it('tells the others what one throws at, and the observation goes on', () => {
    const throwing = new Proxy({} as Receiver, {
      get: () => () => {
        throw FAILURE;
      },
    });
    const other = new Noting();
    connection.observer.audience.set([throwing, other]);
    expect(work().outcome).to.equal('failed');
    expect(other.told).to.have.length(11);
    expect(connection.context.lines).to.have.length(11);
    expect(new Set(connection.context.lines)).to.deep.equal(new Set(['debug telemetry: receiver swallowed Error']));
  });

  it('tells nobody any more when it is empty', () => {
    const former = new Noting();
    connection.observer.audience.set([former]);
    connection.observer.audience.set([]);
    work();
    expect(former.told).to.deep.equal([]);
    expect(connection.observer.audience.receivers).to.equal(undefined);
  });
});
