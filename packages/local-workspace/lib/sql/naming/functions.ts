const MATHEMATICAL =
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh cot csc degrees exp expm1 hypot log log10 log1p log2 power radians rank ' +
  'dense_rank percent_rank regexp regexp_like rlike sec signum sin sinh sqrt tan tanh';
/** Functions that Spark writes in capitals. */
export const CAPITALS: ReadonlySet<string> = new Set(MATHEMATICAL.split(' '));
/** Types as functions: what they convert keeps its name. */
export const TYPES: ReadonlySet<string> = new Set(
  'bigint binary boolean date decimal double float int smallint string timestamp tinyint'.split(' '),
);
/** What Spark calls a function instead. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  array_agg: 'collect_list',
  current_database: 'current_schema',
  curdate: 'current_date',
  dateadd: 'timestampadd',
  to_varchar: 'to_char',
};
const PATTERN = ['', 'yyyy-MM-dd HH:mm:ss'];
const V = 'namedlambdavariable()';
const ASCENDING =
  `lambdafunction((IF(((${V} IS NULL) AND (${V} IS NULL)), 0, (IF((${V} IS NULL), 1, (IF((${V} IS NULL), -1, ` +
  `(IF((${V} < ${V}), -1, (IF((${V} > ${V}), 1, 0)))))))))), ${V}, ${V})`;
const SAME = 'lambdafunction(namedlambdavariable(), namedlambdavariable())';
/** Arguments that a function has when they are not given, by their place. */
export const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  aggregate: ['', '', '', SAME],
  approx_percentile: ['', '', '10000'],
  array_sort: ['', ASCENDING],
  bround: ['', '0'],
  from_unixtime: PATTERN,
  lag: ['', '1', 'NULL'],
  lead: ['', '1', 'NULL'],
  listagg: ['', 'NULL'],
  locate: ['', '', '1'],
  lpad: ['', '', ' '],
  make_dt_interval: ['0', '0', '0', '0.000000'],
  make_ym_interval: ['0', '0'],
  mask: ['', 'X', 'x', 'n', 'NULL'],
  overlay: ['', '', '', '-1'],
  months_between: ['', '', 'true'],
  percentile: ['', '', '1'],
  position: ['', '', '1'],
  reduce: ['', '', '', SAME],
  regexp_extract: ['', '', '1'],
  regexp_extract_all: ['', '', '1'],
  regexp_instr: ['', '', '0'],
  regexp_replace: ['', '', '', '1'],
  replace: ['', '', ''],
  round: ['', '0'],
  rpad: ['', '', ' '],
  sort_array: ['', 'true'],
  split: ['', '', '-1'],
  str_to_map: ['', ',', ':'],
  string_agg: ['', 'NULL'],
  substr: ['', '', '2147483647'],
  substring: ['', '', '2147483647'],
  to_unix_timestamp: PATTERN,
  unix_timestamp: ['current_timestamp()', ...PATTERN.slice(1)],
};

/** How many arguments of a function are shown, where that is not all. */
export const SHOWN: Readonly<Record<string, number>> = {
  any_value: 1,
  first: 1,
  first_value: 1,
  last: 1,
  last_value: 1,
  try_variant_get: 2,
  variant_get: 2,
};

/** Calls that Spark writes as something else. */
export const CALLS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  if: (args) => `(IF(${args.join(', ')}))`,
  isnotnull: ([value]) => `(${value} IS NOT NULL)`,
  isnull: ([value]) => `(${value} IS NULL)`,
  like: ([value, pattern]) => `${value} LIKE ${pattern}`,
  not: ([value]) => `(NOT ${value})`,
  datepart: ([field, value]) => `datepart(${field} FROM ${value})`,
  trim: (args) => (args.length === 2 ? `TRIM(BOTH ${args[0]} FROM ${args[1]})` : `trim(${args.join(', ')})`),
  log: (args) => `LOG(${args.length === 1 ? 'E(), ' : ''}${args.join(', ')})`,
  div: ([a, b]) => `(${a} div ${b})`,
  positive: ([value]) => `(+ ${value})`,
  ltrim: (args) => (args.length === 2 ? `TRIM(LEADING ${args[0]} FROM ${args[1]})` : `ltrim(${args.join(', ')})`),
  rtrim: (args) => (args.length === 2 ? `TRIM(TRAILING ${args[0]} FROM ${args[1]})` : `rtrim(${args.join(', ')})`),
};
