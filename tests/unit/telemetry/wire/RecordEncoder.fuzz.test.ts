import { expect } from 'chai';
import fc from 'fast-check';
import { ThrownValue } from '../../../../lib/model/errorFacts';
import { toErrorFacts } from '../../../../lib/model/toErrorFacts';
import { connectionInfo, connectionRecord, errorRecord } from '../../.stubs/telemetryRecords';
import { write } from './randomRecords';

const WORD = 'cnry0123456789abcdef';
const AROUND = [
  (word: string) => word,
  (word: string) => word.toUpperCase(),
  (word: string) => `[A_CLASS] ${word}`,
  (word: string) => `a.b.${word}`,
  (word: string) => `\n    at f (/node_modules/@databricks/sql/dist/${word}.js:1:1)`,
  (word: string) => `/home/${word}/node_modules/@databricks/sql/dist/index.js:1:1`,
];
const hostileText = fc
  .tuple(fc.string({ maxLength: 20 }), fc.constantFrom(...AROUND), fc.string({ unit: 'binary', maxLength: 20 }))
  .map(([before, around, after]) => `${before}${around(WORD)}${after}`);
/** As a label, a canary alone is allowed to leave; with something around it that no label has, or as a secret, not. */
const secret = fc
  .tuple(
    fc.constantFrom(
      'dapi',
      'dsapi',
      'dkea',
      'dskea',
      'dose',
      'eyJ',
      'Bearer ',
      'basic ',
      'password=',
      'token: ',
      'pwd=',
    ),
    fc.string({ maxLength: 10 }),
  )
  .map(([scheme, before]) => `${before} ${scheme}${WORD}`);

function expectNothingOf(json: string): void {
  expect(json.toLowerCase()).to.not.contain(WORD);
}

describe('RecordEncoder with random data of an application', () => {
  for (const [mode, form] of [
    ['with', 'authenticated'],
    ['without', 'unauthenticated'],
    ['with local fields and', 'local'],
  ] as const) {
    it(`nothing of a thrown value but its class, codes and frames leaves ${mode} credentials`, () => {
      fc.assert(
        fc.property(hostileText, hostileText, fc.anything(), (text, other, anything) => {
          const thrown = Object.assign(new Error(text), {
            cause: new Error(other),
            code: `${other} `,
            errorCode: { text },
            response: { status: text, displayMessage: other, sqlState: `${text} `, errorMessage: text },
            payload: anything,
            path: text,
          });
          const facts = { error: toErrorFacts(thrown, { serverMessage: other }), thrown: new ThrownValue(thrown) };
          expectNothingOf(write(errorRecord(facts), form));
          Object.assign(thrown, { message: other, sqlState: text, statusCode: text });
          const again = { error: toErrorFacts(thrown), thrown: new ThrownValue(thrown) };
          expectNothingOf(write(errorRecord(again), form));
        }),
        { numRuns: 500 },
      );
    });

    it(`no secret leaves ${mode} credentials, whatever option it was put into`, () => {
      fc.assert(
        fc.property(secret, (text) => {
          const connection = connectionInfo({
            clientAppName: text,
            processName: text,
            serviceName: text,
            httpPath: `/sql/1.0/warehouses/abc;${text}`,
            hostUrl: `user:${text}@workspace.test`,
            proxyHost: `http://user:${text}@proxy.test`,
            localeName: text,
            authType: text,
            osVersion: text,
          });
          const hostile = { ...connection, origin: { ...connection.origin, userAgent: `Driver/1.0 (${text})` } };
          expectNothingOf(write(connectionRecord({ connection: hostile }), form));
        }),
        { numRuns: 500 },
      );
    });
  }
});
