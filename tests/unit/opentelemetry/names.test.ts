import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { expect } from 'chai';
import { ATTRIBUTES, METRICS } from '../../../lib/opentelemetry/names';

const conventions = new Set(Object.values(incubating).filter((value) => typeof value === 'string'));

describe('names of attributes and metrics', () => {
  for (const name of [...Object.values(ATTRIBUTES), ...Object.values(METRICS)]) {
    it(`${name} is one of the semantic conventions, or begins with databricks.`, () => {
      if (!name.startsWith('databricks.')) expect([...conventions]).to.include(name);
      expect(name).to.match(/^[a-z]+(\.[a-z_]+)+$/);
    });
  }

  it('are there once each', () => {
    const all = [...Object.values(ATTRIBUTES), ...Object.values(METRICS)];
    expect(new Set(all).size).to.equal(all.length);
  });
});
