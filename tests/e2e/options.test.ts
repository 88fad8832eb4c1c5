import { expect } from 'chai';
import { TELEMETRY_OPTIONS } from 'databricks-sql-telemetry';
import type { OptionRow } from '../../lib/model/optionRow';
import { howMuch } from './experiments/howMuch';
import { Laboratory, type OptionName } from './experiments/Laboratory';
import { whatLeaves } from './experiments/whatLeaves';
import { when } from './experiments/when';
import { whereTo } from './experiments/whereTo';

function isTime(name: OptionName): boolean {
  const row: OptionRow = TELEMETRY_OPTIONS[name];
  return name === 'telemetryFlushOnExit' || (row.type === 'number' && row.unit === 'ms');
}

describe('every option of connect() has an effect', () => {
  const lab = new Laboratory();
  beforeEach(() => lab.open());
  afterEach(() => lab.close());

  const experiments = { ...whatLeaves(lab), ...whereTo(lab), ...when(lab), ...howMuch(lab) };

  it('there is an experiment for every row of the table, with more than one value', () => {
    expect(Object.keys(experiments)).to.have.members(Object.keys(TELEMETRY_OPTIONS));
    for (const { seen } of Object.values(experiments)) expect(seen.length).to.be.greaterThan(1);
  });

  for (const [name, { title, measure, seen }] of Object.entries(experiments)) {
    for (const [value, result] of seen) {
      const test = it(`${name} = ${String(value)}: ${title}`, async () => {
        expect(await measure({ [name]: value })).to.deep.equal(result);
      });
      // That of a time measures time.
      if (isTime(name as OptionName)) test.retries(2);
    }
  }
});
