import { expect } from 'chai';
import { driverUserAgent } from '../../../../lib/observe/connection/driverPackage';
import { toErrorFacts } from '../../../../lib/model/toErrorFacts';
import { TELEMETRY_FIELDS } from '../../../../lib/model/fields/fieldTable';
import { publicHttpPath } from '../../../../lib/model/fields/httpPath';
import {
  PUBLIC_HOST,
  PUBLIC_HTTP_PATH,
  PUBLIC_ID,
  PUBLIC_LABEL,
  PUBLIC_WORD,
  publicHost,
  publicLabel,
} from '../../../../lib/model/fields/publicLabel';

const TOKEN = 'dapi0123456789abcdef';

function row(path: string): { readonly pattern: RegExp } {
  const rule = TELEMETRY_FIELDS.find((candidate) => candidate.path.endsWith(path))?.rule;
  if (rule?.type !== 'string') throw new Error(`${path} is no text`);
  return rule;
}

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

  const CREDENTIALS: Readonly<Record<string, string>> = {
    'a token': TOKEN,
    'a token after a letter': `x${TOKEN}0123456789abcdef`,
    'a token in capitals': `DAPI${'0123456789ABCDEF'.repeat(2)}`,
    'a secret of a service principal': 'dose0123456789abcdef0123456789abcdef',
    'a JWT': 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    'a key id of AWS': 'AKIAIOSFODNN7EXAMPLE',
    'a secret key of AWS': 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12',
    'a client secret of Azure': 'abc8Q~0123456789abcdefABCDEF0123456789',
    'forty hexadecimal digits': '0123456789abcdef'.repeat(3).slice(0, 40),
    'sixty-four characters of Base64': 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2',
  };
  const SAFE = ['01f0a3b4-1c2d-1e3f-8a4b-5c6d7e8f9a0b', '0123456789abcdef0123456789abcdef', 'session-1'];
  const RULES = {
    'a label': PUBLIC_LABEL,
    'a word': PUBLIC_WORD,
    'an id': PUBLIC_ID,
    'an error name': row('error_name').pattern,
    'a code': row('code').pattern,
    'a host': PUBLIC_HOST,
  };
  for (const [what, credential] of Object.entries(CREDENTIALS)) {
    for (const [where, rule] of Object.entries(RULES)) {
      it(`keeps ${what} out of ${where}`, () => {
        for (const text of [credential, `E${credential}`, `E_${credential}`])
          expect(rule.test(text), text).to.equal(false);
      });
    }

    it(`keeps ${what} out of a path, of which the rest is shown`, () => {
      const path = publicHttpPath(`/sql/1.0/warehouses/${credential}?o=1`);
      expect(path).to.equal('/sql/1.0/warehouses/<credential>?o=1');
      expect(PUBLIC_HTTP_PATH.test(`/sql/${credential}`)).to.equal(false);
      expect(PUBLIC_HTTP_PATH.test(path)).to.equal(false);
    });

    it(`takes ${what} for no name, code or class of an error`, () => {
      class Thrown extends Error {}
      Object.defineProperty(Thrown, 'name', { value: credential });
      const thrown = Object.assign(new Thrown(), { code: credential, errorCode: credential, name: credential });
      expect(JSON.stringify(toErrorFacts(thrown, { serverMessage: `[${credential}] no` }))).to.not.include(credential);
    });
  }

  it('lets ids leave', () => {
    for (const id of SAFE)
      for (const rule of [PUBLIC_ID, PUBLIC_LABEL, PUBLIC_WORD]) expect(rule.test(id), id).to.equal(true);
  });

  for (const host of [
    'adb-1234567890123456.7.azuredatabricks.net',
    'dbc-a1b2c3d4-e5f6.cloud.databricks.com',
    'https://h.example.com',
    '10.0.0.1',
    '[::1]',
  ]) {
    it(`lets the host ${host} leave`, () => expect(publicHost(host)).to.equal(host));
  }

  it('keeps user and password of an address out of hosts and labels', () => {
    expect(publicHost('user:secret@proxy.test')).to.equal(undefined);
    expect(publicLabel('see https://user:secret@proxy.test/')).to.equal(undefined);
    expect(publicLabel('see https://proxy.test/a@b')).to.equal('see https://proxy.test/a@b');
  });

  it('looks at the longest text in less than a millisecond', () => {
    const startMs = performance.now();
    for (const piece of ['a1B/', '/', 'a1B-', 'dapi ', '0']) {
      for (let i = 0; i < 100; i += 1) PUBLIC_LABEL.test(piece.repeat(512 / piece.length));
    }
    expect(performance.now() - startMs).to.be.lessThan(2000);
  }).retries(2); // It measures time.

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
