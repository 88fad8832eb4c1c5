import { expect } from 'chai';
import type { TelemetryOptions } from '../../../../lib/model/options';
import { decide, isOptedIn } from '../../../../lib/observe/connection/optOut';
import { environmentRefusals } from '../../../../lib/observe/connection/refusals';

const VARIABLES = ['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK'] as const;

describe('opting out', () => {
  for (const variable of VARIABLES) {
    for (const value of ['1', 'true', 'yes', 'on', ' TRUE ', 'Yes', 'ON']) {
      it(`is what ${variable}=${JSON.stringify(value)} says`, () => {
        expect(environmentRefusals({ [variable]: value })).to.deep.equal([variable]);
      });
    }

    for (const value of ['', '0', 'false', 'no', 'off', 'disabled']) {
      it(`is not what ${variable}=${JSON.stringify(value)} says`, () => {
        expect(environmentRefusals({ [variable]: value })).to.deep.equal([]);
      });
    }
  }

  it('is not what an environment without the variables says', () => {
    expect(environmentRefusals({})).to.deep.equal([]);
  });

  describe('by levels', () => {
    const saved = VARIABLES.map((name) => [name, process.env[name]] as const);

    beforeEach(() => {
      for (const name of VARIABLES) delete process.env[name];
    });

    afterEach(() => {
      for (const [name, value] of saved)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    });

    const table = [
      [[], false],
      [[undefined, undefined], false],
      [[true, undefined], true],
      [[undefined, true], true],
      [[true, true], true],
      [[false, true], false],
      [[true, false], false],
      [[undefined, false], false],
    ] as const;
    for (const [levels, expected] of table) {
      it(`gives ${expected} for ${JSON.stringify(levels.map(String))}`, () => {
        expect(isOptedIn(...levels)).to.equal(expected);
      });
    }

    it('is decided by the environment when that forbids telemetry', () => {
      process.env['DO_NOT_TRACK'] = '1';
      expect(isOptedIn(true, true)).to.equal(false);
    });
  });

  for (const [option, wrong, right] of [
    ['telemetryEnabled', 'yes', true],
    ['telemetryObserve', 1, true],
    ['telemetryLogLevel', 'loud', 'INFO'],
  ] as const) {
    it(`is closed by a wrong ${option} of the constructor also where connect() says it right, and the problem is told`, () => {
      const ofClient = { telemetryEnabled: true, [option]: wrong } as unknown as TelemetryOptions;
      const { options, problems } = decide(ofClient, { telemetryEnabled: true, [option]: right }, {});
      expect(options.telemetryEnabled).to.equal(false);
      expect(problems).to.deep.equal([{ option, given: typeof wrong, done: 'nothing leaves' }]);
    });
  }
});
