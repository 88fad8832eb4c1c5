/** A difference that is the driver's own: what it reads is not what the workspace sent. */
export interface KnownDifference {
  readonly row: RegExp;
  readonly mode: RegExp;
  readonly key: RegExp;
  /** What it reads, or the error it ends with. */
  readonly saw: RegExp;
  readonly why: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    row: /^@databricks\/sql/,
    mode: /./,
    key: /^(?:types\/(?:bigint|decimal\(38,\d+\))|parameters\/\? bigint)$/,
    saw: /^(?:-9223372036854776000 \| 0 \| 9223372036854776000 \| 9007199254740992 \| NULL|-Infinity \| 0 \| Infinity \| Infinity \| NULL|12345678901234567000 \| 1e-18 \| NULL|(?:1e\+38|Infinity) \| -1 \| NULL|9007199254740992) /,
    why: 'BIGINT and DECIMAL are numbers of JavaScript, exact to 15 digits; by columns larger ones are infinite',
  },
  {
    row: /^@databricks\/sql/,
    mode: /^(?:arrow|files)$/,
    key: /^types\/timestamp/,
    saw: /^2024-02-29 12:34:56\.789 \| 1969-12-31 23:59:59\.5 (?:\| 2024-07-01 00:00:00 )?\| NULL /,
    why: 'a Date of JavaScript has milliseconds',
  },
  {
    row: /^databricks-sql-connector .* \(SEA\)$/,
    mode: /^sea-(?:files|arrow)$/,
    key: /^types\/interval /,
    saw: /^(?:ArrowNotImplementedError|3 days )/,
    why: "pandas has no intervals, and this backend asks for Arrow's own",
  },
  {
    row: /^databricks-sql-connector .* \(SEA\)$/,
    mode: /^sea-json$/,
    key: /^types\/binary$/,
    saw: /^AP8Q \|  \| 8J\+SoQ== \| NULL /,
    why: 'it takes BINARY in JSON results for hexadecimal and leaves the base64 that comes as text; the driver for Java decodes it',
  },
  {
    row: /^databricks-jdbc/,
    mode: /./,
    key: /^metadata\/columns$/,
    saw: /^id BIGINT \| name STRING \| price DECIMAL \| day DATE \| at TIMESTAMP \| tags ARRAY/,
    why: 'TYPE_NAME is the name alone; precision and scale are columns of their own',
  },
  {
    row: /^databricks-sql(?:-connector|alchemy)/,
    mode: /^(?:(?:sea-)?(?:arrow|files)|kernel(?:-arrow)?)$/,
    key: /^types\/(?:float|double)$/,
    saw: /^(?:1\.5 \| -0\.1\d* \| 3\.40282\d*e\+38 \| NULL \| -Infinity|1\.1 \| -2\.5e-300 \| 1\.7976931348623157e\+308 \| NULL \| Infinity) \| NULL /,
    why: 'rows go through pandas, which knows no difference between NaN and NULL',
  },
  {
    row: /^databricks-sql(?:-connector|alchemy)/,
    mode: /^(?:(?:sea-)?(?:arrow|files)|kernel(?:-arrow)?)$/,
    key: /^types\/array<int>$/,
    saw: /^\["1","nan","3"\] \| \[\] \| NULL /,
    why: 'an array of integers with a NULL becomes an array of doubles in pandas',
  },
  {
    row: /^databricks-sql-go/,
    mode: /^sent$/,
    key: /^telemetry$/,
    saw: /^(?:frontend_log_event_id must be a UUID|context\.client_context\.(?:client_type|client_version|timestamp_millis) is)/,
    why: 'its event ids are no UUIDs, and its context tells client and version in place of time and user agent',
  },
];

/** The known difference that explains what a run saw. */
export function differenceOf(row: string, mode: string, key: string, saw: string): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(
    (known) => known.row.test(row) && known.mode.test(mode) && known.key.test(key) && known.saw.test(saw),
  );
}
