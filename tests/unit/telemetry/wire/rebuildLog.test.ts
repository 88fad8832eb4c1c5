import { expect } from 'chai';
import { keepsFieldTable } from '../../../../lib/telemetry/wire/keepsFieldTable';
import { serializeRecord } from '../../../../lib/telemetry/wire/serializeRecord';
import { unsettledLogs } from '../../../../lib/telemetry/spool/spoolLines';
import { connectionRecord, errorRecord, statementRecord } from '../../.stubs/telemetryRecords';

describe('keepsFieldTable', () => {
  for (const record of [connectionRecord(), statementRecord(), errorRecord()]) {
    it(`knows what a ${record.kind} record becomes`, () => {
      const authenticated = serializeRecord(record, { authenticated: true });
      const anonymous = serializeRecord(record, { authenticated: false });
      expect(keepsFieldTable(authenticated, 'authenticated')).to.equal(true);
      expect(keepsFieldTable(anonymous, 'unauthenticated')).to.equal(true);
      expect(keepsFieldTable(authenticated, 'unauthenticated')).to.equal(false);
    });
  }

  const good = JSON.parse(serializeRecord(connectionRecord(), { authenticated: true })) as { workspace_id: unknown };
  for (const [what, log] of [
    ['a field that is not in the table', JSON.stringify({ ...good, sql: 'SELECT 1' })],
    ['a field that never leaves', '{"entry":{"sql_driver_log":{"vol_operation":{"volume_path":"/a"}}}}'],
    ['a value that breaks its rule', JSON.stringify({ ...good, workspace_id: 'mine' })],
    ['an array in the place of an object', JSON.stringify({ ...good, entry: [] })],
    ['an array in the place of a value', JSON.stringify({ ...good, workspace_id: [1] })],
    ['null', JSON.stringify({ ...good, workspace_id: null })],
    ['no object', '"text"'],
    ['no JSON', '{'],
  ] as const) {
    it(`refuses ${what}`, () => expect(keepsFieldTable(log, 'authenticated')).to.equal(false));
  }

  it('keeps back what somebody else has put into a spool file', () => {
    const line = (log: string): string =>
      JSON.stringify({ id: log.length.toString(), queuedAtMs: 1, identity: 'i', mode: 'authenticated', log });
    const text = [line(JSON.stringify(good)), line('{"sql":"SELECT 1"}')].join('\n');
    expect(unsettledLogs(text).map(({ log }) => log)).to.deep.equal([JSON.stringify(good)]);
  });
});
