import os from 'node:os';
import { expect } from 'chai';
import fc from 'fast-check';
import { toErrorFacts } from '../../../../lib/model/toErrorFacts';
import { TELEMETRY_FIELDS } from '../../../../lib/model/fields/fieldTable';
import { publicHttpPath } from '../../../../lib/model/fields/httpPath';
import { PUBLIC_HTTP_PATH } from '../../../../lib/model/fields/publicLabel';
import { hasCredential } from '../../../../lib/util/credential';
import { redact } from '../../../../lib/model/fields/redact';

const RUNS = 300;
const HEX = '0123456789abcdef';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORD = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;

function text(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
}

/** As random as a generator makes it: digits, small and capital letters, and not in long rows. */
function random(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => [...bytes].map((byte) => alphabet[byte % alphabet.length]).join(''))
    .filter((made) => [/\d/, /[a-z]/, /[A-Z]/].every((kind) => kind.test(made)) && /[A-Z\d][a-z][A-Z\d]/.test(made));
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const CREDENTIALS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'a Databricks token': fc
    .tuple(fc.constantFrom('dapi', 'DAPI', 'dkea', 'dose'), text(HEX, 32))
    .map((two) => two.join('')),
  'a Databricks token of a later form': text(HEX, 32).map((hex) => `dapi${hex}-2`),
  'a JWT': fc
    .tuple(
      fc.constantFrom({ alg: 'RS256', typ: 'JWT' }, { typ: 'JWT', alg: 'HS256' }, { kid: 'a', alg: 'ES256' }),
      random(WORD, 43),
    )
    .map(([header, signature]) => `${base64(header)}.${base64({ sub: 'me' })}.${signature}`),
  'a key id of AWS': text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)
    .filter((id) => /\d/.test(id))
    .map((id) => `AKIA${id}`),
  'a secret key of AWS': random(`${WORD}+/`, 40),
  'a client secret of Azure': random(`${WORD}_~.-`, 31).map((secret) => `abc8Q~${secret}`),
  'a storage key of Azure': random(`${WORD}+/`, 86).map((key) => `${key}==`),
  'an API key of Google': random(`${WORD}_-`, 35).map((key) => `AIza${key}`),
  'a client secret of Google': random(`${WORD}_-`, 28).map((key) => `GOCSPX-${key}`),
  'an access token of Google': random(`${WORD}_-`, 60).map((key) => `ya29.${key}`),
  'hexadecimal of twenty bytes and more': fc.integer({ min: 40, max: 64 }).chain((length) => text(HEX, length)),
  'user and password in a URL': random(WORD, 12).map((password) => `https://me:${password}@host.test/`),
  'a bearer': random(WORD, 24).map((token) => `Bearer ${token}`),
  'a secret in JSON': random(WORD, 12).map((secret) => `{"client_secret":"${secret}"}`),
  'a secret in a form': random(WORD, 12).map((secret) => `grant=x&client_secret=${secret}`),
  'a signature of Azure': random(WORD, 12).map((secret) => `?sv=2024&sig=${secret}`),
};

const GLUE = ['', 'x', 'X', '7', '_', '-', 'E_', 'report_', 'Job7'] as const;

/** The same credential as it turns up in names, logs and addresses. */
const DISGUISES: Readonly<Record<string, (credential: string, glue: string) => string>> = {
  'glued to what is before it': (credential, glue) => `${glue}${credential}`,
  'glued on both sides': (credential, glue) => `${glue}${credential}${glue}`,
  'among other words': (credential) => `report ${credential} of today`,
  'percent-encoded': (credential, glue) => `${glue}${encodeURIComponent(credential)}`,
  'within JSON': (credential, glue) => `{"a":${JSON.stringify(`${glue}${credential}`).replaceAll('/', '\\/')}}`,
  'within JSON within JSON': (credential) => JSON.stringify(JSON.stringify({ a: credential })),
  'in quotes': (credential) => `"${credential}"`,
};
const DISGUISE = fc.constantFrom(...Object.keys(DISGUISES));

/** Rules of the field table for texts that somebody outside the library chooses. */
const TEXTS = TELEMETRY_FIELDS.filter(
  ({ scope, path }) => scope !== 'None' && !/event_id|outcome|directResults|message$/.test(path),
).flatMap(({ path, rule }) =>
  rule.type === 'string' && rule.pattern.source.includes('(?!') ? [{ path, pattern: rule.pattern }] : [],
);

describe('a credential', () => {
  it('has rules to get past', () => {
    expect(TEXTS.map(({ path }) => path.replace(/^.*\./, ''))).to.include.members([
      'client_app_name',
      'process_name',
      'user_agent',
      'http_path',
      'host_url',
      'error_name',
      'session_id',
      'code',
    ]);
  });

  for (const [what, credential] of Object.entries(CREDENTIALS)) {
    it(`of the form of ${what} leaves in no field, path or error, however it is glued, quoted or encoded`, () => {
      const property = fc.property(credential, DISGUISE, fc.constantFrom(...GLUE), (secret, disguise, glue) => {
        const shown = DISGUISES[disguise]?.(secret, glue) ?? secret;
        expect(hasCredential(shown), shown).to.equal(true);
        for (const { path, pattern } of TEXTS) expect(pattern.test(shown), `${path}: ${shown}`).to.equal(false);
        const path = publicHttpPath(`/sql/1.0/warehouses/${shown}`);
        expect(PUBLIC_HTTP_PATH.test(path) && path.includes(secret), path).to.equal(false);
        const thrown = Object.assign(new Error(shown), { name: shown, code: shown, errorCode: shown, sqlState: shown });
        expect(JSON.stringify(toErrorFacts(thrown, { serverMessage: `[${shown}]` }))).to.not.include(secret);
        const tail = secret.slice(-10);
        expect(redact(`cannot use ${shown}`), shown).to.not.include(tail);
      });
      fc.assert(property, { numRuns: RUNS });
    });
  }
});

const ERROR_CLASSES = ['TABLE_OR_VIEW_NOT_FOUND', 'INSUFFICIENT_PERMISSIONS', 'UNRESOLVED_COLUMN.WITH_SUGGESTION'];
const CLASSES = [
  ...['OperationStateError', 'HiveDriverError', 'AggregateError', 'PayloadTooLargeError', 'S3ServiceException'],
  ...['UnityCatalogS3ExternalLocationAccessDeniedException', 'OAuth2InvalidGrantWhileRefreshingTokenError'],
  ...['TokenExpiredError', 'BasicAuthenticationFailed', 'SecretNotFoundException', 'PasswordMismatch'],
];
const NAMES = [
  ...[
    'nightly-report',
    'token_refresher',
    'etl-2',
    'Nightly-Sales-Report-For-Region-Europe-2024',
    'server.js',
    'index.mjs',
  ],
  ...['NodejsDatabricksSqlConnector/2.1.0 (Node.js 22.4.1; linux)', 'dbt-databricks/1.9.4', 'overdose-dashboard'],
  ...['a very long name of an application that runs on 3 clusters at once (team Data Platform, region eu-central-1)'],
];

describe('what is no credential', () => {
  it('leaves: ids, versions, hosts, codes, classes and names', () => {
    const ordinary = fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.uuid().map((id) => id.replaceAll('-', '')),
      fc.tuple(text(HEX, 7), text(HEX, 21)).map(([before, after]) => `${before}acca${after}`),
      fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => `v${parts.join('.')}-beta.1`),
      fc.tuple(fc.uuid(), fc.nat(9)).map(([id, n]) => `job_${n}:${id}`),
      fc.nat().map((n) => `adb-${n}123456.7.azuredatabricks.net`),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom(...ERROR_CLASSES, ...CLASSES, ...NAMES, ...Object.keys(os.constants.errno)),
    );
    const property = fc.property(ordinary, (name) => {
      expect(hasCredential(name), name).to.equal(false);
    });
    fc.assert(property, { numRuns: 5 * RUNS });
  });

  it('leaves as the name of an error', () => {
    for (const name of CLASSES) expect(toErrorFacts(Object.assign(new Error('x'), { name })).name).to.equal(name);
  });
});
