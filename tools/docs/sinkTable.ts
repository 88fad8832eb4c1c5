import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import { toErrorFacts } from '../../lib/model/toErrorFacts';
import type { FieldScope } from '../../lib/model/enums';
import { describeError } from '../../lib/model/fields/describeError';
import type { StatementMessage } from '../../lib/model/messages';
import type { ErrorRecord, TelemetryRecord } from '../../lib/model/records';
import { Statement } from '../../lib/model/Statement';
import { toStatementSummary, withLine, type StatementSummary } from '../../lib/model/StatementSummary';
import { toExportedRecord } from '../../lib/model/toExportedRecord';
import { traceStatements } from '../../lib/opentelemetry/traceStatements';
import { TracingChannel } from '../../lib/sinks/channels/TracingChannel';
import { code, table } from './markdown';

/*
 * What goes where, found out by sending marked values through what makes records, spans, metrics and lines: a column says
 * yes for a field whose mark came out.
 */

const [YES, ON_REQUEST, NO] = ['yes', 'on request', ''] as const;
type Cell = typeof YES | typeof ON_REQUEST | typeof NO;

/** Marked values by the name of their field. */
class Marks {
  readonly of: Readonly<Record<string, number>>;

  constructor(readonly names: readonly string[]) {
    this.of = Object.fromEntries(names.map((name, index) => [name, 7_000_003 + index * 1009]));
  }

  /** Names of those that are in `output`, as they are or in seconds. */
  in(output: unknown): ReadonlySet<string> {
    const text = JSON.stringify(output);
    return new Set(
      this.names.filter((name) => {
        const mark = this.of[name] ?? 0;
        return text.includes(String(mark)) || text.includes(String(mark / 1000));
      }),
    );
  }
}

const MESSAGE_FIELDS = [
  ...['serverAddress', 'serverPort', 'warehouseId', 'workspaceId', 'database'],
  ...['sessionId', 'statementId', 'operation', 'durationMs', 'query'],
] as const;
const ERROR_FIELDS = [...Object.keys(toErrorFacts(undefined)), 'stage', 'message'];
const SUMMARY_FIELDS = Object.keys(toStatementSummary(new Statement(undefined, undefined, undefined, 0, 0)));

const MARKS = new Marks([
  ...MESSAGE_FIELDS.map((name) => `message ${name}`),
  ...ERROR_FIELDS.map((name) => `error ${name}`),
  ...SUMMARY_FIELDS.map((name) => `summary ${name}`),
]);

function marked(kind: string, names: readonly string[]): Record<string, unknown> {
  const texts = ['retryCauses', 'errorClass', 'sqlState'];
  return Object.fromEntries(
    names.map((name) => {
      const mark = MARKS.of[`${kind} ${name}`];
      return [name, texts.includes(name) ? String(mark) : mark];
    }),
  );
}

/** Failures of which ever less is known: what a span and a metric are told apart by then. */
const FAILURES: readonly (readonly string[] | undefined)[] = [
  ERROR_FIELDS,
  ['code'],
  ['httpStatus'],
  ['name'],
  undefined,
];

function markedMessage(failure: readonly string[] | undefined): StatementMessage {
  return {
    ...marked('message', MESSAGE_FIELDS),
    startTimeMs: 0,
    phases: [],
    summary: marked('summary', SUMMARY_FIELDS),
    error: failure && marked('error', failure),
  } as unknown as StatementMessage;
}

/** What OpenTelemetry was given of statements whose every value is marked. */
function observed(signal: 'span' | 'metric', isAsked: boolean): ReadonlySet<string> {
  const given: unknown[] = [];
  const span = {
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }),
    isRecording: () => true,
    setAttributes: (attributes: Attributes) => given.push(attributes),
    setStatus: (status: unknown) => given.push(status),
    end: (time: unknown) => given.push(time),
  };
  const note = (...args: unknown[]): unknown => given.push(args);
  const instrument = (): object => ({ add: note, record: note, addCallback: () => 0, removeCallback: () => 0 });
  const tracer = { startSpan: (...args: unknown[]) => (given.push(args.slice(0, 2)), span) } as unknown as Tracer;
  const meter = new Proxy({}, { get: () => instrument }) as Meter;
  const stop = traceStatements({
    tracer: signal === 'span' && tracer,
    meter: signal === 'metric' && meter,
    ...(isAsked ? { statementText: true, errorMessages: true, returnedRows: true } : {}),
  });
  const statements = new TracingChannel<StatementMessage>('statement');
  for (const failure of FAILURES) {
    const message = markedMessage(failure);
    statements.start(message, () => undefined);
    statements.finish(message);
  }
  stop();
  return MARKS.in(given);
}

/** `object`, which notes in `read` what is looked at. */
function watched<T extends object>(object: T, kind: string, read: Set<string>): T {
  const get = (target: T, name: string | symbol): unknown => {
    read.add(`${kind} ${String(name)}`);
    return Reflect.get(target, name);
  };
  return new Proxy(object, { get });
}

/** Properties that the line of a summary is made of. */
function lineProperties(): ReadonlySet<string> {
  const read = new Set<string>();
  const summary: StatementSummary = watched({ ...toStatementSummary(STATEMENT) }, 'summary', read);
  void withLine(summary).toString();
  return read;
}

/** Names of the fields that a receiver of `scope` gets of a record. */
function exported(record: object, scope: FieldScope): ReadonlySet<string> {
  const fields = toExportedRecord(record as TelemetryRecord, { scope, includesErrorText: true });
  const configuration = fields?.kind === 'connection' ? fields.configuration : {};
  return new Set([...Object.keys(fields ?? {}), ...Object.keys(configuration)]);
}

/** Facts of an error that leave within its description. */
function described(): ReadonlySet<string> {
  const read = new Set<string>();
  const error = watched({ ...ERROR.error }, 'error', read);
  describeError(watched({ ...ERROR, error, thrown: undefined }, 'error', read) as unknown as ErrorRecord);
  return read;
}

const STATEMENT = new Statement(undefined, undefined, undefined, 0, 0);
const ERROR = { kind: 'error', stage: 'execute', error: toErrorFacts(undefined) };
const CONNECTION = {
  kind: 'connection',
  connection: { driverConfig: { hostUrl: '', httpPath: '', driverVersion: '' } },
};

interface Row {
  readonly title: string;
  /** Undefined for what no message has. */
  readonly mark?: string;
  /** With the name that its field has there; undefined for what no record has. */
  readonly record?: object;
  readonly name?: string;
}

const [QUERY, MESSAGE] = ['message query', 'error message'];

function rows(): readonly Row[] {
  const ids = ['statementId', 'sessionId', 'workspaceId'];
  return [
    { title: 'text of the statement', mark: QUERY },
    { title: 'text of an error (redacted for exporters)', mark: MESSAGE },
    { title: 'initial catalog and schema', mark: 'message database' },
    { title: 'host', mark: 'message serverAddress', record: CONNECTION, name: 'hostUrl' },
    { title: 'warehouse', mark: 'message warehouseId', record: CONNECTION, name: 'httpPath' },
    { title: 'driver, runtime, configuration', record: CONNECTION, name: 'driverVersion' },
    { title: 'time from the call to the end', mark: 'message durationMs' },
    ...ids.map((name) => ({ title: code(name), mark: `message ${name}`, record: STATEMENT, name })),
    ...SUMMARY_FIELDS.filter((name) => !ids.includes(name)).map((name) => ({
      ...{ title: code(name), mark: `summary ${name}`, record: STATEMENT, name },
    })),
    ...ERROR_FIELDS.filter((name) => name !== 'message').map((name) => ({
      ...{ title: `error: ${code(name)}`, mark: `error ${name}`, record: ERROR, name },
    })),
  ];
}

/** Each fact about a statement, and who gets it. */
export function sinkTable(): string {
  const spans = [observed('span', false), observed('span', true)] as const;
  const metrics = [observed('metric', false), observed('metric', true)] as const;
  const line = lineProperties();
  const either = (mark: string, [always, asked]: readonly [ReadonlySet<string>, ReadonlySet<string>]): Cell =>
    always.has(mark) ? YES : asked.has(mark) ? ON_REQUEST : NO;
  const inDescription = described();
  const cells = rows().map(({ title, mark = '', record, name = '' }) => {
    const isText = mark === QUERY || mark === MESSAGE;
    const inRecord = (scope: FieldScope): Cell =>
      (record !== undefined && exported(record, scope).has(name)) || (scope !== 'Local' && inDescription.has(mark))
        ? YES
        : NO;
    const exporter = mark === MESSAGE ? ON_REQUEST : inRecord('Local');
    const inMessage = isText ? ON_REQUEST : mark === '' ? NO : YES;
    const inLine = line.has(mark) || line.has(`summary ${name}`) ? YES : NO;
    const otel = [either(mark, spans), either(mark, metrics)];
    return [title, inRecord('Databricks'), inRecord('All'), exporter, inMessage, ...otel, inLine];
  });
  const head = [
    'fact',
    'Databricks',
    'collector of your own',
    'exporter',
    'channel',
    'span',
    'metric',
    'slow-statement line',
  ];
  return table(head, cells);
}
