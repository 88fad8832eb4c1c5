/** What keeps a bar from its goal, by the bar's measure: what the figure is made of, what was tried, and what stays. */
export const STOPS: Readonly<Record<string, string>> = {
  'CPU of tiny queries':
    'A query that takes 1 ms of CPU is the worst case; what is added is about a tenth of it, and the interval of a run on a ' +
    'shared machine is as wide. It is not the request: a bare POST of the same bytes is within the noise. It is the calls of ' +
    'the next paragraph and what they write down: 36 facts of a statement, where the official telemetry has 15.',
  'bytes allocated per statement':
    'Below the official figure in the middle of a run (0.8 and 0.93 of it), not with its whole interval: a query allocates ' +
    '137,000 bytes with its driver’s work, of which either telemetry is about 6,000, while the plain driver differs from ' +
    'itself by 1 to 2 %. To have the whole interval below takes a third fewer bytes, or ten times as many rounds.',
  'added calls, SELECT 1, export included':
    'The first version made 355 calls. Two rounds (one object for a statement, one function for an event, work inline, no ' +
    'timer while idle, a loop over a template in place of readers) left about 135. A hundred of them are functions of this ' +
    'library, nearly all entered once: the hooks of the application’s four calls, the answers of the driver’s RPCs, start ' +
    'and end of the statement with whoever is told of them, and the share of a hundredth of a batch (queue, encoding, ' +
    'request, answer). Six readings of the clock take two calls each; the rest is Node.js sending the batch and keeping ' +
    'timers in order. A prototype with 50 calls had neither receivers beside Databricks nor sampling, levels, credentials ' +
    'by connection and rules for each value. What could still go are names: functions of three lines that say what they do.',
  'added calls per CloudFetch file':
    'Two attempts: a file that arrives is announced only where somebody listens, and the manifest is looked up once. ' +
    'About fourteen functions of this library are left (one object observes the request and its retries, one looks up the ' +
    'file by its URL, one writes the figures into the statement), two readings of the clock, and ten calls into the ' +
    'driver’s HTTP client to read method, URL, status and size of what it did: the official telemetry reads none of them, ' +
    'and so knows neither retries nor failures nor bytes of a file.',
  'added calls per inline page':
    'Two attempts: nothing per row, and only one step for each batch of a page. A page is two calls of the application ' +
    '(`fetchChunk`, `hasMoreRows`) and one RPC. Each call is hooked (begin, end), which tells waiting from reading; the ' +
    'answer is looked at for failure, rows and bytes: 22 functions of three to ten lines, with two readings of the clock. ' +
    'The rest is Node.js keeping the driver’s timers in order beside the one timer that waits for the next batch. The ' +
    'official telemetry counts a page as a file. A page of this measurement has one row; the driver’s own have 100,000.',
  'lifecycle, to official':
    'One object holds a statement from its call to its record, so that nothing is copied on the way: 45 fields of 8 bytes, ' +
    'and two readings of the clock, which take 80 to 95 ns of about 280.',
  'lifecycle with 10 files, to official':
    'The statement itself, as above, is half of it; a latency with a fraction is a number on the heap, 16 bytes a file.',
  'export, to official':
    'A request takes 28 to 60 µs whatever is in it, and is the same for both. Encoding takes 0.9 µs a record for 21 fields, ' +
    'each held against its rule, which tells a name from a credential; the official exporter writes 15 and checks none.',
  "wall time of the demo's workload, telemetry on ÷ off":
    'The workload is 36 statements in some twenty seconds, of which the driver takes three quarters to make objects of a ' +
    'million rows, with telemetry and without. Two rounds of it on a shared machine differ by several per cent, so that an ' +
    'interval is wider than the goal. What telemetry adds is 56 records and a dozen requests, three of which an application ' +
    'waits for in a `close()`: milliseconds. More rounds (`npm run bench -- bars --long`) tell more than less work would.',
  'functions that one SELECT 1 and its export enter':
    'As for the calls; those of the export are entered once for a hundred statements, and count like any other.',
  'files that one SELECT 1 and its export enter':
    'One file, one noun: hooks, observer, statement, emitter, pipeline with its six parts, exporter, identities, encoding, ' +
    'request. A reader who follows one statement opens eight of them: `sessionHooks`, `operationHooks`, `ObservedDriver`, ' +
    '`answers`, `progress`, `ConnectionObserver`, `Pipeline`, `DatabricksTelemetryExporter`.',
  'code lines':
    'The goal was set for what goes to Databricks. Since then came what stays with the application: exporters, files, ' +
    'streams, channels, OpenTelemetry, slow statements, sampling by trace, a collector of one’s own with its ' +
    'configuration, explanations and the doctor.',
  'longest chain of imports (floors)':
    'From the command line down: entry and client (3), observation (2), host client (2), spool (3), bodies and encoding ' +
    '(3), field table (4), records and what they are made of (4). Types count. The field table names places in records, ' +
    'and the encoder derives from it: to cut that would be to say the same twice.',
  'assertions of a type (`as`)':
    'They stand where an outer type ends: messages of channels, the driver’s requests, parsed JSON, records read by the ' +
    'names of the field table, and an option table whose types are derived from its defaults.',
  '`catch`, as a clause or of a promise':
    'Each is an outer edge (an emit, an export, a file, a callback, a subscriber, a logger) or reads what somebody threw; ' +
    'on the way of every statement they are spelt out where a helper would cost a call.',
  'files that FeatureFlagCache pulls in':
    'It asks the workspace itself: the request, its headers, its time limit and the suppression of tracing are four files, ' +
    'the answer and the registry two, options, host and context four, clock and log line two, and three know what may be ' +
    'said of a failure.',
  'files that MetricsAggregator pulls in':
    'Fifteen are the pipeline behind it, one noun each; the others are the types of what it speaks of: record, statement, ' +
    'event, error, connection, options. To meet the goal they would have to be merged.',
  'files that DatabricksTelemetryExporter pulls in':
    'Ten are the field table, five the encoder, seventeen the way of a request; the others are the types of records, as above.',
};

/** A paragraph for each of `measures` that has one, in their order; empty without any. */
export function stopsText(measures: readonly string[]): string {
  return measures
    .flatMap((measure) => {
      const text = STOPS[measure];
      return text === undefined ? [] : [`- **${measure}**: ${text}`];
    })
    .join('\n');
}
