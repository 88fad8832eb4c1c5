import { expect } from 'chai';
import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { ErrorFacts } from '../../../../lib/model/errorFacts';
import { toErrorFacts } from '../../../../lib/model/toErrorFacts';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { link, linkPage, REFUSED } from '../../.stubs/thriftAnswers';

const { CONNECTION_OPEN, CONNECTION_CLOSE, STATEMENT_START, STATEMENT_COMPLETE, CLOUDFETCH_CHUNK, ERROR } =
  TelemetryEventType;
const links = (count: number, first = 0) =>
  linkPage(new Array<number>(count).fill(10), first).results?.resultLinks ?? [];
const NOW_MS = 1000;
const REFUSAL = { sqlState: REFUSED.sqlState ?? undefined, message: REFUSED.errorMessage ?? undefined };
const attempts = (count: number, causes?: readonly string[]) => ({ count, causes });
const refused = (status: number): ErrorFacts => toErrorFacts({ status });
const reset = (): Error => Object.assign(new Error('reset'), { code: 'ECONNRESET' });

describe('ConnectionObserver', () => {
  let connection: ObservedConnection;

  beforeEach(() => {
    connection = new ObservedConnection();
  });

  it('swallows what an observation throws, with one debug line that does not quote it', () => {
    connection.observer.observe(() => {
      throw new Error('secret');
    });
    expect(connection.context.lines).to.deep.equal(['debug telemetry: observation swallowed Error']);
  });

  describe('sessions', () => {
    it('are reported when they open and when they have closed, with the latency of their RPCs', () => {
      const startedAtMs = connection.observer.sessionStarted().startedAtMs - 12;
      const opening = { connection: connection.observer.info, startedAtMs };
      connection.observer.sessionOpened(opening, { id: 'session-1' });
      connection.observer.sessionCloseAnswered('session-1', 7);
      connection.observer.sessionClosed('session-1');
      const [opened] = connection.eventsOf(CONNECTION_OPEN);
      expect(opened?.sessionId).to.equal('session-1');
      expect(opened?.latencyMs).to.be.within(12, 10_000);
      expect(connection.eventsOf(CONNECTION_CLOSE)[0]).to.include({ sessionId: 'session-1', latencyMs: 7 });
    }).retries(2); // It measures time.

    it('are closed once, and only when they were opened', () => {
      connection.observer.sessionOpened(connection.observer.sessionStarted(), { id: 'session-1' });
      connection.observer.sessionClosed('session-1');
      connection.observer.sessionClosed('session-1');
      connection.observer.sessionCloseAnswered('stranger', 1);
      connection.observer.sessionClosed('stranger');
      expect(connection.eventsOf(CONNECTION_CLOSE)).to.have.length(1);
      expect(connection.eventsOf(CONNECTION_CLOSE)[0]?.latencyMs).to.equal(undefined);
    });
  });

  describe('statements', () => {
    it('start with the names of their call and end once', () => {
      const names = { rpc: 'getTables', operationType: 'LIST_TABLES', statementType: 'METADATA' } as const;
      const statement = connection.observer.statementStarted('session-1', names);
      connection.observer.statementEnded(statement, 'delivered', NOW_MS);
      connection.observer.statementEnded(statement, 'failed', NOW_MS);
      expect(connection.eventsOf(STATEMENT_START)).to.have.length(1);
      const ends = connection.eventsOf(STATEMENT_COMPLETE);
      expect(ends).to.have.length(1);
      expect(ends[0]).to.include({ sessionId: 'session-1', outcome: 'delivered' });
      expect(ends[0]?.summary).to.include({ operationType: 'LIST_TABLES', statementType: 'METADATA' });
    });

    it('fail where their submit failed', () => {
      const statement = connection.start();
      connection.observer.submitFailed(statement, new Error('no'), NOW_MS);
      expect(connection.eventsOf(ERROR)[0]).to.include({ stage: 'execute', isTerminal: true });
      expect(connection.eventsOf(STATEMENT_COMPLETE)[0]?.outcome).to.equal('failed');
    });

    it('are over when a submit was lost with its connection: nobody can read the result', () => {
      const statement = connection.start();
      connection.observer.submitFailed(statement, reset(), NOW_MS);
      expect(connection.eventsOf(STATEMENT_COMPLETE)[0]?.outcome).to.equal('connection_lost');
    });

    it('fail with their transfer once they are known to be one', () => {
      const statement = connection.start();
      statement.statementType = 'VOLUME';
      connection.observer.submitFailed(statement, new Error('no'), NOW_MS);
      expect(connection.eventsOf(ERROR)[0]?.stage).to.equal('volume');
    });

    const endings = [
      ['CANCELED', false, 'cancelled_by_server'],
      ['CANCELED', true, 'cancelled'],
      ['TIMEOUT', false, 'timed_out'],
      ['ERROR', false, 'failed'],
      ['CLOSED', true, 'failed'],
    ] as const;
    for (const [errorCode, isCancelling, outcome] of endings) {
      it(`end as ${outcome} with ${errorCode}${isCancelling ? ' while the application cancels' : ''}`, () => {
        const statement = connection.start();
        connection.observer.failureStateOf(statement).isCancelling = isCancelling;
        connection.observer.statementFailed(statement, Object.assign(new Error(), { errorCode }), 'poll', NOW_MS);
        expect(connection.eventsOf(STATEMENT_COMPLETE)[0]?.outcome).to.equal(outcome);
      });
    }

    for (const thrown of [undefined, null, 'text', 42]) {
      it(`fail with ${String(thrown)}, which can be thrown too`, () => {
        const statement = connection.start();
        connection.observer.statementFailed(statement, thrown, 'fetch', NOW_MS);
        expect(connection.eventsOf(ERROR)[0]?.error.name).to.equal('NonError');
        expect(statement.outcome).to.equal('failed');
      });
    }

    it('go on after an error that a later call may overcome', () => {
      const statement = connection.start();
      connection.observer.statementFailed(statement, reset(), 'fetch', NOW_MS);
      expect(connection.eventsOf(ERROR)[0]?.isTerminal).to.equal(false);
      expect(connection.eventsOf(STATEMENT_COMPLETE)).to.have.length(0);
      expect(connection.observer.failureOf(statement)?.outcome).to.equal('connection_lost');
    });

    it('report one failure once, however many calls it passes, and another one again', () => {
      const statement = connection.start();
      const failure = reset();
      connection.observer.statementFailed(statement, failure, 'poll', NOW_MS);
      connection.observer.statementFailed(statement, failure, 'fetch', NOW_MS);
      connection.observer.callFailed(statement, reset(), 'close');
      expect(connection.eventsOf(ERROR).map(({ stage }) => stage)).to.deep.equal(['poll', 'close']);
    });

    it('report an error with what the server said', () => {
      const statement = connection.start();
      connection.observer.failureStateOf(statement).serverFailure = REFUSAL;
      connection.observer.statementFailed(statement, new Error('no'), 'fetch', NOW_MS);
      expect(connection.eventsOf(ERROR)[0]?.error).to.include({ sqlState: '42000', errorClass: 'NOT_ALLOWED' });
    });
  });

  describe('files', () => {
    it('belong to the statement they were offered to, counted in manifest order over all pages', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(2));
      connection.observer.files.offered(statement, links(1, 2));
      const claimed = connection.observer.files.downloads.claim('https://store.test/2');
      expect(claimed).to.include({ statement, index: 2 });
      expect(claimed?.link.fileLink).to.equal('https://store.test/2');
    });

    it('are claimed once, however the manifest spells the URL of the request', () => {
      const respelt = [link('HTTPS://STORE.test:443/a b', 1)] as TSparkArrowResultLink[];
      connection.observer.files.offered(connection.start(), respelt);
      expect(connection.observer.files.downloads.claim('https://store.test/a%20b')?.index).to.equal(0);
      expect(connection.observer.files.downloads.claim('https://store.test/a%20b')).to.equal(undefined);
    });

    it('are reported when they were downloaded, with retries counted for the statement', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(1));
      const owner = connection.observer.files.downloads.claim('https://store.test/0');
      if (owner !== undefined) connection.observer.files.downloaded(owner, 25, 900, attempts(3));
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)[0]).to.include({ chunkIndex: 0, latencyMs: 25, bytes: 900 });
      expect(statement.retryCount).to.equal(2);
    });

    it('that fail leave their number, the first one', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(2));
      for (const url of ['https://store.test/1', 'https://store.test/0']) {
        const owner = connection.observer.files.downloads.claim(url);
        if (owner !== undefined) connection.observer.files.failed(owner, attempts(2), refused(404));
      }
      expect(statement.files).to.include({ firstFailed: 1, firstFailedStatus: 404, failed: 2 });
      expect(statement.retryCount).to.equal(2);
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)).to.have.length(0);
    });

    it('are counted as downloaded, retried, failed and expired', () => {
      const statement = connection.start();
      const soon = [
        link('https://store.test/0', 1),
        link('https://store.test/1', 1),
        link('https://store.test/2', 1, 1),
      ];
      connection.observer.files.offered(statement, soon as TSparkArrowResultLink[]);
      const owners = [0, 1, 2].map((file) => connection.observer.files.downloads.claim(`https://store.test/${file}`));
      for (const owner of owners.slice(1)) {
        if (owner !== undefined)
          connection.observer.files.failed(owner, attempts(3, ['503', 'ECONNRESET']), refused(503));
      }
      expect(statement.files).to.include({ failed: 2, expired: 1, retried: 2, firstFailed: 1 });
      expect(statement.rare?.retryCauses).to.equal('503:2 ECONNRESET:2');
    });

    it('that fail out of order are reported in the order in which the reader meets them, each with its status', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(3));
      const [first, second] = [0, 1].map((file) =>
        connection.observer.files.downloads.claim(`https://store.test/${file}`),
      );
      if (second !== undefined) connection.observer.files.failed(second, attempts(1), refused(404));
      if (first !== undefined) connection.observer.files.failed(first, attempts(1), refused(503));
      for (const text of ['one', 'two']) {
        connection.observer.statementFailed(statement, new Error(text), 'fetch', NOW_MS);
      }
      const failures = connection.eventsOf(ERROR).map(({ stage, error: { chunkId, httpStatus }, isTerminal }) => {
        return { stage, chunkId, httpStatus, isTerminal };
      });
      expect(failures).to.deep.equal([
        { stage: 'download', chunkId: 0, httpStatus: 503, isTerminal: false },
        { stage: 'download', chunkId: 1, httpStatus: 404, isTerminal: true },
      ]);
    });

    it('whose failure the application gets are known by what was thrown', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(3));
      connection.observer.files.downloads.claim('https://store.test/0');
      const failure = reset();
      connection.observer.files.downloads.failedWith(failure, attempts(2, ['ECONNRESET']), false);
      connection.observer.statementFailed(statement, failure, 'fetch', NOW_MS);
      connection.observer.statementFailed(statement, failure, 'fetch', NOW_MS);
      expect(statement.files).to.include({ firstFailed: 1, failed: 1 });
      expect(statement.rare?.retryCauses).to.equal('ECONNRESET:1');
      expect(connection.eventsOf(ERROR).map(({ stage }) => stage)).to.deep.equal(['download']);
    });

    it('that are waited for when their link has expired have failed', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, [link('https://store.test/0', 1, 1)] as TSparkArrowResultLink[]);
      connection.observer.statementFailed(statement, new Error('no'), 'fetch', NOW_MS);
      expect(statement.files).to.include({ firstFailed: 0, expired: 1 });
      expect(statement.retryCount).to.equal(0);
    });

    it('are not blamed for the failure of a request', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, [link('https://store.test/0', 1, 1)] as TSparkArrowResultLink[]);
      connection.observer.statementFailed(statement, reset(), 'fetch', NOW_MS);
      connection.observer.failureStateOf(statement).serverFailure = REFUSAL;
      connection.observer.statementFailed(statement, new Error('no'), 'fetch', NOW_MS);
      expect(statement.files?.failed).to.equal(0);
      expect(connection.eventsOf(ERROR).map(({ stage }) => stage)).to.deep.equal(['fetch', 'fetch']);
    });

    it('are forgotten when their statement ends', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(2));
      connection.observer.statementEnded(statement, 'cancelled', NOW_MS);
      for (const url of ['https://store.test/0', 'https://store.test/1']) {
        expect(connection.observer.files.downloads.claim(url)).to.equal(undefined);
      }
    });

    it('that arrive after the end change nothing', () => {
      const statement = connection.start();
      connection.observer.files.offered(statement, links(2));
      const owners = [0, 1].map((file) => connection.observer.files.downloads.claim(`https://store.test/${file}`));
      connection.observer.statementEnded(statement, 'cancelled', NOW_MS);
      const [arrived, failed] = owners;
      if (arrived !== undefined) connection.observer.files.downloaded(arrived, 1, 1, attempts(2));
      if (failed !== undefined) connection.observer.files.failed(failed, attempts(2), refused(404));
      expect(owners).to.not.include(undefined);
      expect(statement.retryCount).to.equal(0);
      expect(statement.files).to.include({ failed: 0, firstFailed: undefined, downloaded: 0 });
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)).to.have.length(0);
    });
  });

  it('reports failures without a statement', () => {
    connection.observer.connectionFailed(reset(), 'open_session', { sessionId: 'session-1' });
    expect(connection.eventsOf(ERROR)[0]).to.include({
      stage: 'open_session',
      sessionId: 'session-1',
      isTerminal: false,
    });
  });
});
