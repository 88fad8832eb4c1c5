import { expect } from 'chai';
import { resolveConfiguration } from '../../../lib/model/options';
import { errorLevel, isWithin, statementLevel, TELEMETRY_LEVELS } from '../../../lib/model/severity';
import type { StatementOutcome } from '../../../lib/telemetry/types';

describe('severity', () => {
  it('lets out what is at most as verbose as the log level', () => {
    const levels = TELEMETRY_LEVELS.filter((level) => level !== 'OFF');
    for (const [number, logLevel] of TELEMETRY_LEVELS.entries()) {
      expect(levels.filter((level) => isWithin(level, logLevel))).to.deep.equal(levels.slice(0, number));
    }
  });

  it('warns of statements that did not end well', () => {
    const outcomes: Record<StatementOutcome, string> = {
      delivered: 'INFO',
      cancelled: 'INFO',
      closed_unfetched: 'INFO',
      session_closed: 'INFO',
      failed: 'WARN',
      timed_out: 'WARN',
      cancelled_by_server: 'WARN',
      connection_lost: 'WARN',
      abandoned: 'WARN',
    };
    for (const [outcome, level] of Object.entries(outcomes)) {
      expect(statementLevel(outcome as StatementOutcome), outcome).to.equal(level);
    }
  });

  it('is fatal where no connection or session comes about, and warns of what may pass', () => {
    expect(errorLevel('connect', true)).to.equal('FATAL');
    expect(errorLevel('open_session', true)).to.equal('FATAL');
    expect(errorLevel('execute', true)).to.equal('ERROR');
    expect(errorLevel('connect', false)).to.equal('WARN');
  });

  describe('telemetryLogLevel', () => {
    const VALUES: readonly [unknown, string][] = [
      ['ERROR', 'ERROR'],
      [' debug ', 'DEBUG'],
      ['off', 'OFF'],
      [0, 'OFF'],
      [2, 'ERROR'],
      [6, 'TRACE'],
      [7, 'INFO'],
      [-1, 'INFO'],
      [1.5, 'INFO'],
      ['loud', 'INFO'],
      [null, 'INFO'],
      [true, 'INFO'],
      [undefined, 'INFO'],
    ];
    for (const [value, level] of VALUES) {
      it(`is ${level} when given ${JSON.stringify(value)}`, () => {
        expect(resolveConfiguration({ telemetryLogLevel: value as string }).logLevel).to.equal(level);
      });
    }
  });
});
