import { expect } from 'chai';
import fc from 'fast-check';
import { unsettledLogs } from '../../../../lib/telemetry/spool/spoolLines';
import { rebuildLog } from '../../../../lib/telemetry/wire/rebuildLog';
import { connectionInfo, connectionRecord, errorRecord, statementRecord } from '../../.stubs/telemetryRecords';
import { randomRecord, write } from './randomRecords';

const SECRET = 'SELECT cnry';
const GOOD = JSON.parse(write(connectionRecord())) as Record<string, unknown>;
const rebuilt = (log: string): unknown => JSON.parse(rebuildLog(log, 'authenticated') ?? 'null');

/** Every object of a JSON value with something more in it. */
function withExtra(value: unknown, extra: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${withExtra(inner, extra)}`);
  return `{${[...entries, extra].join(',')}}`;
}

describe('rebuildLog', () => {
  it('gives back what this library has written, for any record', () => {
    fc.assert(
      fc.property(randomRecord, fc.constantFrom('authenticated', 'unauthenticated', 'local'), (record, mode) => {
        const log = write(record, mode);
        const again = rebuildLog(log, mode);
        expect(JSON.parse(again ?? 'null')).to.deep.equal(JSON.parse(log));
      }),
    );
  });

  for (const record of [connectionRecord(), statementRecord(), errorRecord()]) {
    it(`leaves of a ${record.kind} record nothing that may not leave without credentials`, () => {
      const anonymous = rebuildLog(write(record), 'unauthenticated') ?? '';
      expect(anonymous).to.not.match(/workspace_id|session_id|statement_id|host_url|http_path/);
    });
  }

  for (const [what, extra] of [
    ['a name of its own', `"sql":"${SECRET}"`],
    ['an empty object under a name of its own', `"${SECRET}":{}`],
    ['an empty object under a name of its own, two levels down', `"entry2":{"${SECRET}":{}}`],
    ['an empty list', `"${SECRET}":[]`],
    ['null', `"${SECRET}":null`],
    ['__proto__', `"__proto__":{"sql":"${SECRET}","${SECRET}":{}}`],
    ['constructor', `"constructor":{"prototype":{"sql":"${SECRET}"}}`],
    ['a name twice', `"x":"${SECRET}","x":1`],
    ['toString', `"toString":"${SECRET}"`],
  ] as const) {
    it(`has nothing of ${what}, at any depth`, () => {
      const log = withExtra(GOOD, extra);
      expect(log.split(SECRET).length).to.be.above(5);
      expect(rebuildLog(log, 'authenticated')).to.not.include('cnry');
      expect(rebuilt(log)).to.deep.equal(GOOD);
      expect(({} as Record<string, unknown>)['sql']).to.equal(undefined);
    });
  }

  it('takes nothing that somebody wrote into Object.prototype', () => {
    const before = rebuildLog('{}', 'authenticated');
    const id = '01234567-89ab-4def-8123-456789abcdef';
    Object.defineProperty(Object.prototype, 'frontend_log_event_id', { value: id, configurable: true });
    try {
      expect(rebuildLog('{}', 'authenticated')).to.equal(before);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'frontend_log_event_id');
    }
    expect(before).to.equal('{}');
  });

  it('has local fields in their own form alone, and only of the version that it knows', () => {
    const log = write(statementRecord(), 'local');
    expect(JSON.parse(rebuildLog(log, 'local') ?? 'null')).to.deep.equal(JSON.parse(log));
    expect(rebuildLog(log, 'authenticated')).to.not.include('"local"');
    expect(rebuildLog(log.replace('"version":1', '"version":2'), 'local')).to.equal(undefined);
  });

  it('takes one of two values of the same name, as any reader does, and only where it keeps its rule', () => {
    const twice = (first: string, second: string): string =>
      `{"entry":{"sql_driver_log":{"auth_type":${first}}},"entry":{"sql_driver_log":{"auth_type":${second}}}}`;
    expect(rebuildLog(twice(`"${SECRET}"`, '"pat"'), 'authenticated')).to.equal(
      '{"entry":{"sql_driver_log":{"auth_type":"pat"}}}',
    );
    expect(rebuildLog(twice('"pat"', `"${SECRET}"`), 'authenticated')).to.equal(undefined);
  });

  it('keeps every digit of a workspace id that no double holds, and nothing that only looks like one', () => {
    const log = write(connectionRecord({ connection: connectionInfo({}, '900719925474099301') }));
    expect(rebuildLog(log, 'authenticated')).to.match(/^\{"workspace_id":900719925474099301,/);
    for (const text of [
      '{"workspace_id":1.5}',
      '{"workspace_id":-1}',
      '{"workspace_id":1e300}',
      '{"workspace_id":0}',
    ]) {
      expect(rebuildLog(text, 'authenticated'), text).to.equal(undefined);
    }
    const twice = '{"workspace_id":900719925474099301,"workspace_id":"x"}';
    expect(rebuildLog(twice, 'authenticated')).to.equal(undefined);
  });

  for (const [what, log] of [
    ['a value that breaks its rule', JSON.stringify({ ...GOOD, workspace_id: 'mine' })],
    ['a list in the place of a value', JSON.stringify({ ...GOOD, workspace_id: [1] })],
    ['null in the place of a value', JSON.stringify({ ...GOOD, workspace_id: null })],
    ['an object in the place of a value', JSON.stringify({ ...GOOD, frontend_log_event_id: {} })],
    ['no object', '"text"'],
    ['a list', '[]'],
    ['no JSON', '{'],
  ] as const) {
    it(`gives nothing for ${what}`, () => {
      expect(rebuildLog(log, 'authenticated')).to.equal(undefined);
    });
  }

  it('has nothing of what never leaves, nor of a list in the place of an object', () => {
    const never = '{"entry":{"sql_driver_log":{"vol_operation":{"volume_path":"/a"}}}}';
    expect(rebuilt(never)).to.deep.equal({});
    const { entry: _entry, ...rest } = GOOD;
    expect(rebuilt(JSON.stringify({ ...GOOD, entry: ['cnry'] }))).to.deep.equal(rest);
  });

  it('never throws, and gives only what it would give again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom('authenticated', 'unauthenticated'),
        (text, mode) => {
          const log = rebuildLog(text, mode as 'authenticated');
          if (log !== undefined) expect(rebuildLog(log, mode as 'authenticated')).to.equal(log);
        },
      ),
    );
  });

  it('keeps back what somebody else has put into a spool file', () => {
    const line = (log: string, version = 1): string =>
      JSON.stringify({ version, id: log.length.toString(), queuedAtMs: 1, identity: 'i', mode: 'authenticated', log });
    const log = JSON.stringify(GOOD);
    const text = [line(log), line(`{"workspace_id":"${SECRET}"}`), line(`${log} `, 2)].join('\n');
    expect(unsettledLogs(text).map((unsettled) => unsettled.log)).to.deep.equal([log]);
  });
});
