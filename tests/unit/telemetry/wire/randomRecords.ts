import fc from 'fast-check';
import { keepsRule, wireFields, WIRE_ENUMS } from '../../../../lib/model/fields/fieldTable';
import type { LogForm } from '../../../../lib/model/fields/fieldRow';
import { FileTotals, RareFacts } from '../../../../lib/model/Statement';
import { RecordEncoder, type Omissions } from '../../../../lib/telemetry/wire/RecordEncoder';
import type { DriverConfiguration, SpooledRecord, TelemetryRecord } from '../../../../lib/telemetry/types';
import {
  connectionInfo,
  connectionRecord,
  DRIVER_CONFIGURATION,
  errorFacts,
  errorRecord,
  statementRecord,
} from '../../.stubs/telemetryRecords';

/** What is made of fields: a spooled record is a finished log. */
export type MadeRecord = Exclude<TelemetryRecord, SpooledRecord>;

export const FORMS: readonly LogForm[] = ['authenticated', 'unauthenticated', 'local'];

export const write = (record: TelemetryRecord, form: LogForm = 'authenticated'): string =>
  new RecordEncoder(form).write(record);

/** A log as it stands in a request, as text. */
export function encode(
  record: TelemetryRecord,
  encoder = new RecordEncoder('authenticated'),
  omissions: Omissions = { omitted: 0 },
): string {
  const encoded = encoder.encode(record, omissions);
  if (encoded === undefined) throw new Error('it cannot be encoded');
  return typeof encoded === 'string' ? encoded : Buffer.from(encoded).toString('latin1');
}

function valueAt(holder: unknown, place: string): unknown {
  return place.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], holder);
}

/** The log of a record, made the straightforward way: nested objects. */
export function reference(record: MadeRecord, form: LogForm): object {
  const log: Record<string, unknown> = {};
  const authenticated = form !== 'unauthenticated';
  const rows = wireFields(record.kind, { authenticated, local: form === 'local' });
  for (const { path, rule, source, unauthenticatedAt } of rows) {
    let value: unknown;
    if (source.from === 'constant') ({ value } = source);
    if (source.from === 'connection') value = valueAt(record.connection, source.at);
    if (source.from === 'record') {
      const place = (authenticated ? source.at : (unauthenticatedAt ?? source.at))[record.kind];
      if (typeof place === 'string') value = valueAt(record, place);
      else if (place !== undefined && record.kind === 'error') value = place(record);
    }
    if (value === undefined || !keepsRule(rule, value)) continue;
    const names = path.split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce((object, name) => (object[name] ??= {}) as Record<string, unknown>, log);
    holder[last] =
      rule.type === 'int64' ? Math.round(value as number) + 0 : rule.type === 'int64 digits' ? Number(value) : value;
  }
  return log;
}

const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(undefined, null, 'a"b', 'a\\b', 'a\nb', -1, 1.5, 2 ** 40, 'PAT', 'THRIFT', 'workspace.test'),
);
const enumValue = fc.constantFrom(...Object.values(WIRE_ENUMS).flat());

function randomObject(keys: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(fc.constantFrom(...keys), fc.oneof(anything, enumValue));
}

const randomConnection = fc
  .tuple(randomObject(Object.keys(DRIVER_CONFIGURATION)), fc.oneof(fc.string(), fc.constantFrom('12', undefined)))
  .map(([config, workspaceId]) => connectionInfo(config as Partial<DriverConfiguration>, workspaceId));

const INTERNAL = ['kind', 'connection', 'eventId', 'queuedAtMs', 'files', 'rare'];
const STATEMENT_KEYS = Object.keys(statementRecord()).filter((key) => !INTERNAL.includes(key));

export const randomRecord: fc.Arbitrary<MadeRecord> = fc
  .tuple(
    randomConnection,
    fc.constantFrom('connection', 'statement', 'error'),
    randomObject([...STATEMENT_KEYS, 'operation']),
    fc.option(randomObject(Object.keys(new FileTotals()))),
    fc.option(randomObject(Object.keys(new RareFacts()))),
    fc.dictionary(fc.constantFrom('name', 'code', 'sqlState', 'errorClass', 'httpStatus', 'chunkId'), fc.string()),
  )
  .map(([connection, kind, overrides, files, rare, facts]) => {
    if (kind === 'connection') return connectionRecord({ connection, ...overrides });
    if (kind === 'error') return errorRecord({ ...overrides, connection, error: errorFacts(facts), stage: 'execute' });
    const record = statementRecord(overrides, connection);
    if (files !== null) record.files = Object.assign(new FileTotals(), files);
    if (rare !== null) record.rare = Object.assign(new RareFacts(), rare);
    return record;
  });
