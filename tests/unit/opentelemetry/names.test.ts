import * as stable from '@opentelemetry/semantic-conventions';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { expect } from 'chai';
import { ATTRIBUTES, METRICS } from '../../../lib/opentelemetry/names';

const valuesOf = (conventions: object, kind: string): unknown[] =>
  Object.entries(conventions).flatMap(([key, value]) => (key.startsWith(kind) ? [value as unknown] : []));

/** Still in development in the conventions, and so on request only. */
const ON_REQUEST = ['db.response.returned_rows', 'db.client.response.returned_rows'];

const KINDS = [
  ['ATTR_', ATTRIBUTES],
  ['METRIC_', METRICS],
] as const;

describe('names of attributes and metrics', () => {
  for (const [prefix, names] of KINDS) {
    for (const name of Object.values(names)) {
      const isOwn = name.startsWith('databricks.');
      const isOnRequest = ON_REQUEST.includes(name);
      const what = isOwn ? 'no name' : isOnRequest ? 'a name in development' : 'a stable name';
      it(`${name} is ${what} of the semantic conventions`, () => {
        if (isOwn) expect(valuesOf(incubating, prefix)).not.to.include(name);
        else expect(valuesOf(isOnRequest ? incubating : stable, prefix)).to.include(name);
        expect(name).to.match(/^[a-z]+(\.[a-z_]+)+$/);
      });
    }
  }

  it('are there once each', () => {
    const all = [...Object.values(ATTRIBUTES), ...Object.values(METRICS)];
    expect(new Set(all).size).to.equal(all.length);
  });
});
