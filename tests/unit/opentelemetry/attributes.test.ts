import { expect } from 'chai';
import type { FailureMessage, StatementMessage } from '../../../lib/model/messages';
import { endAttributes, failureAttributes, spanNameOf, startAttributes } from '../../../lib/opentelemetry/attributes';
import { errorFacts } from '../.stubs/telemetryRecords';

function message(facts: Partial<StatementMessage> = {}): StatementMessage {
  return {
    operation: 'executeStatement',
    serverAddress: 'workspace.example.com',
    serverPort: 443,
    database: undefined,
    query: undefined,
    summary: undefined,
    error: undefined,
    ...facts,
  } as StatementMessage;
}

const failure = (facts: Partial<FailureMessage>): FailureMessage => ({ ...errorFacts(), ...facts }) as FailureMessage;

describe('attributes of a span', () => {
  it('name the port only where it is not the default', () => {
    expect(startAttributes(message(), false)).not.to.have.property('server.port');
    expect(startAttributes(message({ serverPort: 8443 }), false)).to.have.property('server.port', 8443);
  });

  it('hold session, warehouse, workspace and text where they are known and wanted', () => {
    const known = message({
      sessionId: 's',
      warehouseId: 'w',
      workspaceId: '7',
      query: 'SELECT 1',
      database: 'main|sales',
    });
    expect(Object.values(startAttributes(known, true))).to.include.members(['s', 'w', '7', 'SELECT 1', 'main|sales']);
    expect(Object.values(startAttributes(known, false))).not.to.include('SELECT 1');
  });

  it('hold nothing of a summary that is not there', () => {
    expect(endAttributes(message({ statementId: 'a' }), true)).to.deep.equal({ 'databricks.statement.id': 'a' });
  });

  it('name a failure by SQLSTATE and class, else by code, HTTP status or name', () => {
    const typeOf = (facts: Partial<FailureMessage>): unknown => failureAttributes(failure(facts))['error.type'];
    expect(typeOf({ sqlState: '42P01', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' })).to.equal(
      '42P01/TABLE_OR_VIEW_NOT_FOUND',
    );
    expect(typeOf({ sqlState: '42P01' })).to.equal('42P01');
    expect(typeOf({ code: 'ECONNRESET' })).to.equal('ECONNRESET');
    expect(typeOf({ httpStatus: 503 })).to.equal('503');
    expect(typeOf({ name: 'AbortError' })).to.equal('AbortError');
  });
});

describe('the name of a span', () => {
  it('is the database, else the server, after the name of a call of the catalogue', () => {
    expect(spanNameOf(message())).to.equal('workspace.example.com');
    expect(spanNameOf(message({ serverPort: 8443 }))).to.equal('workspace.example.com:8443');
    expect(spanNameOf(message({ database: 'main|sales' }))).to.equal('main|sales');
    expect(spanNameOf(message({ operation: 'getTables', database: 'main' }))).to.equal('getTables main');
  });
});
