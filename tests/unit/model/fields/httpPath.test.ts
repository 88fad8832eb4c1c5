import { expect } from 'chai';
import { publicHttpPath } from '../../../../lib/model/fields/httpPath';

describe('publicHttpPath', () => {
  const PATHS = {
    '/sql/1.0/warehouses/abc': '/sql/1.0/warehouses/abc',
    'sql/1.0/warehouses/abc': '/sql/1.0/warehouses/abc',
    '/sql/1.0/warehouses/abc?o=12': '/sql/1.0/warehouses/abc?o=12',
    '/sql/1.0/warehouses/abc?token=secret&o=12&x=1': '/sql/1.0/warehouses/abc?o=12',
    '/sql/1.0/warehouses/abc?foo=12': '/sql/1.0/warehouses/abc',
    '/sql/1.0/warehouses/abc?o=12secret': '/sql/1.0/warehouses/abc',
    '/sql/1.0/warehouses/abc#secret': '/sql/1.0/warehouses/abc',
    '/sql/protocolv1/o/12/0123-abc': '/sql/protocolv1/o/12/0123-abc',
    '': '/',
  };
  for (const [given, sent] of Object.entries(PATHS)) {
    it(`sends ${JSON.stringify(given)} as ${sent}`, () => expect(publicHttpPath(given)).to.equal(sent));
  }
});
