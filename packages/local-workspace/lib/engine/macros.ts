import { UTC } from '../sql/zones';
import { zoneMacros } from './zoneMacros';

/** The database does not count the memory of lists: a longer one could take all that the machine has. */
const TOO_MANY = `error('[COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER|54000]A collection would have more elements than there can be.')`;

/** Where Spark goes on in different ways, each function in its own. */
const BEYOND = `error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]A moment or an interval beyond the range of its type is not supported by the local workspace.')`;

const MOST_ELEMENTS = 5_000_000;

/** Below this a value is not counted: a step of some thousand rows has room for them. */
const SMALL_BYTES = 8192;

/** What the database takes for a key of a map while it looks for others like it. */
const ENTRY_BYTES = 300;

/** White space and control characters around a text count for nothing when it is cast. */
const TRIMMED = [...Array.from({ length: 32 }, (_char, i) => i + 1), 127].map(
  (code) => `\\x${code.toString(16).padStart(2, '0')}`,
);
const TRIM = `trim(s, e'${TRIMMED.join('')}')`;

function textToIntegral(name: string, type: string): string[] {
  const digits = `CASE WHEN regexp_full_match(${TRIM}, '[+-]?[0-9]+') THEN ${TRIM} END`;
  return [
    `__try_text_${name}(s) AS TRY_CAST(${digits} AS ${type})`,
    `__text_${name}(s) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(TRY_CAST(${digits} AS ${type}), __malformed(s, '${name.toUpperCase()}')) END`,
  ];
}

function textToFloating(name: string, type: string): string[] {
  const number = `regexp_full_match(${TRIM}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?[dDfF]?')`;
  const value =
    `CASE WHEN ${number} THEN TRY_CAST(rtrim(${TRIM}, 'dDfF') AS DOUBLE) ` +
    `WHEN lower(${TRIM}) IN ('nan') THEN 'NaN'::DOUBLE WHEN lower(${TRIM}) IN ('infinity', 'inf', '+infinity', '+inf') THEN 'Infinity'::DOUBLE ` +
    `WHEN lower(${TRIM}) IN ('-infinity', '-inf') THEN '-Infinity'::DOUBLE END`;
  const cast = type === 'DOUBLE' ? value : `__to_float(${value})`;
  return [
    `__try_text_${name}(s) AS ${cast}`,
    `__text_${name}(s) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(${cast}, __malformed(s, '${name.toUpperCase()}')) END`,
  ];
}

/** What the translation calls that is neither DuckDB's nor JavaScript's: macros over what DuckDB has. Each only uses those before it. */
export const MACROS: readonly string[] = [
  ...zoneMacros(UTC),
  `__fits(n, size) AS CASE WHEN n * CAST(size AS BIGINT) > ${SMALL_BYTES} THEN __room(n * CAST(size AS BIGINT), CAST(n AS BIGINT)) ELSE n END`,
  `__count(n) AS CASE WHEN n > ${MOST_ELEMENTS} THEN ${TOO_MANY} ELSE CAST(__fits(CAST(n AS BIGINT), 8) AS BIGINT) END`,
  // Years outside of four digits are written with a sign; the one before the first is 0.
  `__year_text(y) AS CASE WHEN y > 9999 THEN '+' || y WHEN y < 0 THEN '-' || printf('%04d', -y) ELSE printf('%04d', y) END`,
  `__text_of_date(d) AS CASE WHEN year(d) BETWEEN 1 AND 9999 THEN CAST(d AS VARCHAR) ELSE __year_text(year(d)) || strftime(d, '-%m-%d') END`,
  `__text_of_moment(t) AS CASE WHEN year(t) BETWEEN 1 AND 9999 THEN CAST(t AS VARCHAR) ELSE __year_text(year(t)) || strftime(t, '-%m-%d ') || CAST(CAST(t AS TIME) AS VARCHAR) END`,
  `__with_zero(s) AS regexp_replace(s, '^(-?)[.]', '\\10.')`,
  `__malformed(s, t) AS error('[CAST_INVALID_INPUT|22018]The value ''' || s || ''' of the type "STRING" cannot be cast to "' || t || '" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead.')`,
  `__to_float(x) AS CASE WHEN isfinite(x::DOUBLE) AND abs(x::DOUBLE) > 3.4028235677973366e38 THEN (CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END)::FLOAT ELSE CAST(x AS FLOAT) END`,
  ...textToIntegral('tinyint', 'TINYINT'),
  ...textToIntegral('smallint', 'SMALLINT'),
  ...textToIntegral('int', 'INTEGER'),
  ...textToIntegral('bigint', 'BIGINT'),
  ...textToFloating('double', 'DOUBLE'),
  ...textToFloating('float', 'FLOAT'),
  `__try_text_boolean(s) AS CASE WHEN lower(${TRIM}) IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN lower(${TRIM}) IN ('f', 'false', 'n', 'no', '0') THEN false END`,
  `__text_boolean(s) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(__try_text_boolean(s), __malformed(s, 'BOOLEAN')) END`,
  `__decimal_digits(s) AS CASE WHEN regexp_full_match(${TRIM}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?') THEN CASE WHEN contains(lower(${TRIM}), 'e') THEN __without_exponent(${TRIM}) ELSE ${TRIM} END END`,
  `__variant_text(v) AS CASE WHEN json_type(v) <> 'DOUBLE' THEN json_extract_string(v, '$') WHEN contains(lower(CAST(v AS VARCHAR)), 'e') THEN __double_text(TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE)) ELSE CAST(v AS VARCHAR) END`,
  `__divide(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN error('[DIVIDE_BY_ZERO]') ELSE a / b END`,
  `__try_divide(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a / b END`,
  `__mod(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN error('[REMAINDER_BY_ZERO]') ELSE a % b END`,
  `__try_mod(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a % b END`,
  `__pmod(m, b) AS CASE WHEN m < 0 THEN (m + b) % b ELSE m END`,
  `__int_div(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN error('[DIVIDE_BY_ZERO]') ELSE a // b END`,
  `__floor_div(a, b) AS CAST((a - ((a % b) + b) % b) // b AS BIGINT)`,
  `__whole(x) AS CASE WHEN isnan(x) THEN 0 WHEN x >= 9223372036854775807 OR x < -9223372036854775808 THEN error('[ARITHMETIC_OVERFLOW|22003]Overflow.') ELSE CAST(x AS BIGINT) END`,
  `__bit_get(x, i, n) AS CASE WHEN i < 0 OR i >= n THEN error('[INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE|22023]The bit position is out of range.') ELSE CAST((x >> i) & 1 AS TINYINT) END`,
  `__width_bucket(v, lo, hi, n) AS CASE WHEN n IS NULL OR n <= 0 OR n = 9223372036854775807 OR lo = hi OR isnan(v) OR NOT isfinite(lo) OR NOT isfinite(hi) THEN NULL WHEN lo < hi THEN CASE WHEN v < lo THEN 0 WHEN v >= hi THEN n + 1 ELSE CAST(floor(n * (v - lo) / (hi - lo)) AS BIGINT) + 1 END ELSE CASE WHEN v > lo THEN 0 WHEN v <= hi THEN n + 1 ELSE CAST(floor(n * (lo - v) / (lo - hi)) AS BIGINT) + 1 END END`,
  `__instant_of(us) AS CASE WHEN us NOT BETWEEN -9223372022400000000 AND 9223372036854775806 THEN ${BEYOND} ELSE make_timestamptz(CAST(us AS BIGINT)) END`,
  `__months(n) AS CASE WHEN n NOT BETWEEN -2147483648 AND 2147483647 THEN ${BEYOND} ELSE to_months(CAST(n AS INTEGER)) END`,
  `__micros(n) AS CASE WHEN n NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN ${BEYOND} ELSE to_microseconds(CAST(n AS BIGINT)) END`,
  `__calendar(i) AS to_days(CAST(epoch_us(i) // 86400000000 AS INTEGER)) + to_microseconds(epoch_us(i) % 86400000000)`,
  `__parameter_instant(s) AS coalesce(__instant_of_text(s), CAST(s AS TIMESTAMPTZ))`,
  `__moved_by(t, i) AS __moved(t, to_days(CAST(epoch_us(i) // 86400000000 AS INTEGER)), epoch_us(i) % 86400000000)`,
  `__substr(s, p, n) AS CASE WHEN s IS NULL OR p IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN '' ELSE substring(s, greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN length(s) + p ELSE 0 END, 0) + 1, greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN length(s) + p ELSE 0 END + CAST(n AS BIGINT), 0) - greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN length(s) + p ELSE 0 END, 0)) END`,
  `__substr_bytes(s, p, n) AS CASE WHEN s IS NULL OR p IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN unhex('') ELSE unhex(substring(hex(s), 2 * greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN octet_length(s) + p ELSE 0 END, 0) + 1, 2 * (greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN octet_length(s) + p ELSE 0 END + CAST(n AS BIGINT), 0) - greatest(CASE WHEN p > 0 THEN p - 1 WHEN p < 0 THEN octet_length(s) + p ELSE 0 END, 0)))) END`,
  `__replacement(r) AS regexp_replace(regexp_replace(r, '\\\\\\\\(.)', '\\\\1', 'g'), '\\$([0-9])', '\\\\\\1', 'g')`,
  `__sure(s, p) AS CASE WHEN regexp_matches(s, p) THEN CAST(error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]A regular expression for a text with such characters or ends of lines is not supported by the local workspace.') AS VARCHAR) ELSE s END`,
  `__java_subject(s, p, d) AS CASE WHEN regexp_matches(s, __java_unsure(p, d)) THEN __sure(s, __java_unsure(p, d)) ELSE s END`,
  `__like_pattern(p) AS CASE WHEN contains(p, '\\') AND regexp_matches(replace(p, '\\\\', ''), '\\\\([^%_]|$)') THEN error('[INVALID_FORMAT.ESC_IN_THE_MIDDLE|42601]The pattern ''' || p || ''' is invalid.') ELSE p END`,
  `__plain_pattern(p) AS CASE WHEN regexp_full_match(p, '[^\\\\\\\\.*+?^$(){}\\[\\]|]*') THEN p ELSE error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]split() by a computed pattern is not supported by the local workspace.') END`,
  // What is no JSON must not come near a function of JSON, and AND computes both of its sides.
  // JSON without what stands in its texts.
  `__json_bones(j) AS regexp_replace(j, '"(?:[^"\\\\]|\\\\.)*"', '', 'g')`,
  `__json_text(j, p) AS CASE WHEN json_valid(j) THEN __json_found(j, p) WHEN contains(j, '''') AND NOT contains(j, '"') THEN CAST(error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]JSON with NaN, infinity, single quotes or a comma at an end is not supported by the local workspace.') AS VARCHAR) ELSE __json_found(__first_json(j), p) END`,
  `__json_found(j, p) AS CASE WHEN (json_valid(j) AND regexp_matches(__json_bones(j), 'NaN|Infinity|INF|nan|inf|,\\s*[\\]}]')) THEN CAST(error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]JSON with NaN, infinity, single quotes or a comma at an end is not supported by the local workspace.') AS VARCHAR) WHEN NOT json_valid(j) THEN NULL WHEN json_type(j, p) = 'NULL' THEN CASE WHEN p = '$' THEN 'null' END WHEN json_type(j, p) = 'VARCHAR' THEN json_extract_string(j, p) ELSE CAST(json_extract(j, p) AS VARCHAR) END`,
  // The last field of a name is the one; the database finds the first.
  `__json_field(j, n, p) AS CASE WHEN len(list_filter(coalesce(__json_object_keys(j), []), lambda __k: __k = n)) > 1 THEN CAST(error('[UNSUPPORTED_FEATURE.LOCAL_WORKSPACE|0A000]json_tuple() of a name that an object has twice is not supported by the local workspace.') AS VARCHAR) ELSE __json_text(j, p) END`,
  `__at(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i < 0 OR i >= len(a) THEN error('[INVALID_ARRAY_INDEX|22003]The index ' || i || ' is out of bounds. The array has ' || len(a) || ' elements. Use the SQL function \`get()\` to tolerate accessing element at invalid index and return NULL instead.') ELSE list_extract(a, i + 1) END`,
  `__get(a, i) AS CASE WHEN i < 0 THEN NULL ELSE list_extract(a, CAST(i AS BIGINT) + 1) END`,
  `__element_at(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i = 0 THEN error('[INVALID_INDEX_OF_ZERO|22003]The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).') WHEN abs(CAST(i AS BIGINT)) > len(a) THEN error('[INVALID_ARRAY_INDEX_IN_ELEMENT_AT|22003]The index ' || i || ' is out of bounds. The array has ' || len(a) || ' elements.') ELSE list_extract(a, i) END`,
  `__try_element_at(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i = 0 THEN error('[INVALID_INDEX_OF_ZERO|22003]The index 0 is invalid.') WHEN abs(CAST(i AS BIGINT)) > len(a) THEN NULL ELSE list_extract(a, i) END`,
  `__slice(a, s, n) AS CASE WHEN a IS NULL OR s IS NULL OR n IS NULL THEN NULL WHEN s = 0 THEN error('[INVALID_PARAMETER_VALUE.START|22023]The start index must not be 0.') WHEN n < 0 THEN error('[INVALID_PARAMETER_VALUE.LENGTH|22023]The length must not be negative.') WHEN n = 0 OR (s < 0 AND -CAST(s AS BIGINT) > len(a)) THEN list_filter(a, lambda __x: false) ELSE list_slice(a, CASE WHEN s < 0 THEN len(a) + s + 1 ELSE s END, CASE WHEN s < 0 THEN len(a) + s ELSE s - 1 END + n) END`,
  `__insert(a, p, x) AS CASE WHEN p = 0 THEN error('[INVALID_INDEX_OF_ZERO|22003]The index 0 is invalid.') WHEN p > 0 THEN list_concat(list_resize(a, p - 1), list_concat([x], list_slice(a, p, len(a)))) WHEN -p <= len(a) + 1 THEN list_concat(list_slice(a, 1, len(a) + p + 1), list_concat([x], list_slice(a, len(a) + p + 2, len(a)))) ELSE list_concat([x], list_reverse(list_resize(list_reverse(a), -p - 1))) END`,
  // Each element with its place, equal ones next to each other in their order: what follows takes no time that grows with the square.
  `__ranked(a) AS list_sort(coalesce(list_transform(a, lambda __x, __i: struct_pack(v := __x, i := __i)), []))`,
  `__firsts(a) AS list_sort(list_transform(list_transform([__ranked(a)], lambda __r: list_filter(__r, lambda __p, __j: __j = 1 OR __p.v IS DISTINCT FROM __r[__j - 1].v))[1], lambda __p: struct_pack(i := __p.i, v := __p.v)))`,
  `__distinct(a) AS list_transform(__firsts(a), lambda __p: __p.v)`,
  `__except(a, b) AS list_transform([len(b)], lambda __n: list_transform(list_filter(__firsts(list_concat(b, a)), lambda __p: __p.i > __n), lambda __p: __p.v))[1]`,
  `__intersect(a, b) AS list_transform([struct_pack(n := len(b), r := __ranked(list_concat(b, a)))], lambda __c: list_transform(list_sort(list_transform(list_filter(__c.r, lambda __p, __j: __p.i > __c.n AND __c.r[__j - 1].i <= __c.n AND __p.v IS NOT DISTINCT FROM __c.r[__j - 1].v), lambda __p: struct_pack(i := __p.i, v := __p.v))), lambda __p: __p.v))[1]`,
  // Keys of two maps in the order in which they come first: where each stands in the one, and where in the other.
  `__paired(a, b) AS list_sort(list_filter(list_transform([struct_pack(n := len(a), r := __ranked(list_concat(a, b)))], lambda __c: list_transform(__c.r, lambda __p, __j: struct_pack(i := __p.i, k := __p.v, x := CASE WHEN __p.i <= __c.n THEN __p.i END, y := CASE WHEN __p.i > __c.n THEN __p.i - __c.n WHEN __c.r[__j + 1].v = __p.v THEN __c.r[__j + 1].i - __c.n END, fresh := __j = 1 OR __c.r[__j - 1].v <> __p.v)))[1], lambda __p: __p.fresh))`,
  `__contains(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_contains(a, x) THEN true WHEN len(list_filter(a, lambda __y: __y IS NULL)) > 0 THEN NULL ELSE false END`,
  `__overlap(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(a, b) THEN true WHEN len(a) > 0 AND len(b) > 0 AND (len(list_filter(a, lambda __x: __x IS NULL)) > 0 OR len(list_filter(b, lambda __x: __x IS NULL)) > 0) THEN NULL ELSE false END`,
  `__sequence(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN s IS NULL THEN generate_series(a, CASE WHEN __count(abs(CAST(b AS HUGEINT) - a)) >= 0 THEN b END, CASE WHEN a <= b THEN 1 ELSE -1 END) WHEN (s = 0 AND a <> b) OR (s > 0 AND a > b) OR (s < 0 AND a < b) THEN error('[INVALID_PARAMETER_VALUE.SEQUENCE|22023]Illegal sequence boundaries.') WHEN s = 0 THEN [a] ELSE generate_series(a, CASE WHEN __count((CAST(b AS HUGEINT) - a) // s) >= 0 THEN b END, s) END`,
  `__sequence_months(a, b, m) AS CASE WHEN a IS NULL OR b IS NULL OR m IS NULL THEN NULL WHEN (m = 0 AND a <> b) OR (m > 0 AND a > b) OR (m < 0 AND a < b) THEN error('[INVALID_PARAMETER_VALUE.SEQUENCE|22023]Illegal sequence boundaries.') WHEN m = 0 THEN [a] ELSE list_filter(list_transform(range(0, __count(abs(date_diff('month', a, b)) // abs(m) + 1)), lambda __i: CAST(a + to_months(CAST(__i * m AS INTEGER)) AS DATE)), lambda __d: CASE WHEN m > 0 THEN __d <= b ELSE __d >= b END) END`,
  `__times(n) AS range(greatest(__count(n), 0))`,
  `__map(k, v) AS map(k, v)`,
  `__map_of(k, v) AS CASE WHEN k IS NULL OR v IS NULL THEN NULL WHEN len(k) <> len(v) THEN error('[INVALID_PARAMETER_VALUE|22023]The key array and value array of the map must have the same length.') ELSE map(CASE WHEN __fits(len(k), ${ENTRY_BYTES}) >= 0 THEN k END, v) END`,
  `__text_to_map(s, a, b) AS map_from_entries(list_transform(string_split(CASE WHEN __fits(strlen(s), ${ENTRY_BYTES / 4}) >= 0 THEN s END, a), lambda __x: struct_pack(k := split_part(__x, b, 1), v := CASE WHEN contains(__x, b) THEN substr(__x, instr(__x, b) + length(b)) END)))`,
  `__make_date(y, m, d) AS CASE WHEN y IS NULL OR m IS NULL OR d IS NULL THEN NULL ELSE coalesce(TRY_CAST(printf('%04d-%02d-%02d', y, m, d) AS DATE), error('[DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION|22023]A field of the date is out of bounds. Use \`try_make_date\`.')) END`,
  `__make_timestamp(y, mo, d, h, mi, s) AS CASE WHEN s < 0 OR s > 60 OR h < 0 OR mi < 0 OR h > 23 OR mi > 59 THEN NULL ELSE TRY_CAST(printf('%04d-%02d-%02d %02d:%02d:00', y, mo, d, h, mi) AS TIMESTAMP) + to_microseconds(CAST(s * 1000000 AS BIGINT)) END`,
  `__window_start(us, d, o) AS us - (((us - o) % d) + d) % d`,
  `__months_apart(a, b) AS __months_apart_us(epoch_us(a), epoch_us(b))`,
];
