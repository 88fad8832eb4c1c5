import { expect } from 'chai';
import { TELEMETRY_LEVELS } from '../../../lib/model/optionRow';
import { errorLevel, isWithin } from '../../../lib/model/records';
import { levelOf } from '../../../lib/model/Statement';
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
      expect(levelOf(outcome as StatementOutcome), outcome).to.equal(level);
    }
  });

  it('is fatal where a connection or session could not be opened, and warns of what may pass', () => {
    expect(errorLevel('connect', true)).to.equal('FATAL');
    expect(errorLevel('open_session', true)).to.equal('FATAL');
    expect(errorLevel('execute', true)).to.equal('ERROR');
    expect(errorLevel('connect', false)).to.equal('WARN');
  });
});
