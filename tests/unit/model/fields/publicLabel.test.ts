import { expect } from 'chai';
import { driverUserAgent } from '../../../../lib/observe/connection/driverPackage';
import { PUBLIC_HTTP_PATH, PUBLIC_WORD, publicLabel } from '../../../../lib/model/fields/publicLabel';

const TOKEN = 'dapi0123456789abcdef';

describe('publicLabel', () => {
  for (const label of ['nightly report/1.0 (team a)', 'overdose-report-app', 'basic reports', 'token counter']) {
    it(`lets "${label}" leave`, () => expect(publicLabel(label)).to.equal(label));
  }

  for (const label of [
    TOKEN,
    `report_${TOKEN}`,
    `report ${TOKEN.toUpperCase()}`,
    'report eyJhbGciOiJIUzI1NiJ9.e30.x',
    'Bearer 0123456789abcdef',
    'report password=x',
    'report; token: x',
    'two\nlines',
    'café',
    '',
  ]) {
    it(`keeps back ${JSON.stringify(label)}`, () => expect(publicLabel(label)).to.equal(undefined));
  }

  it('keeps tokens out of words and paths, and addresses out of words', () => {
    expect(PUBLIC_WORD.test('report-2')).to.equal(true);
    expect(PUBLIC_WORD.test(TOKEN)).to.equal(false);
    expect(PUBLIC_WORD.test('someone@example.com')).to.equal(false);
    expect(PUBLIC_HTTP_PATH.test('/sql/1.0/warehouses/0a1b2c3d4e5f6071?o=1')).to.equal(true);
    expect(PUBLIC_HTTP_PATH.test(`/sql/1.0/warehouses/${TOKEN}`)).to.equal(false);
  });

  it('keeps an entry that looks like a credential out of the User-Agent', () => {
    expect(driverUserAgent('report/1.0')).to.contain('report/1.0');
    expect(driverUserAgent(`report ${TOKEN}`)).to.equal(driverUserAgent(undefined));
  });
});
