"""Random expressions over the columns of `t`, composed of functions and operators that the workspace has."""

import random

LEAVES = {
    "i": ["ci", "cn", "cp", "id", "0", "1", "7", "-3"],
    "l": ["cl", "5L", "CAST(ci AS BIGINT)"],
    "d": ["cd", "cu", "1.5D", "0.25D"],
    "m": ["cm", "1.25", "CAST(ci AS DECIMAL(12,2))"],
    "s": ["cs", "cw", "g", "'abc'", "'x,y'", "''"],
    "b": ["cb", "true", "false"],
    "D": ["cday", "DATE'2024-02-29'"],
    "T": ["cts", "TIMESTAMP'2024-03-01 10:20:30'"],
    "A": ["ca", "array(1, 2, 3)", "array(ci, cn)"],
    "S": ["csa", "array(cs, 'q')"],
}

RULES = {
    "i": ["coalesce({i}, {i})", "if({b}, {i}, {i})", "length({s})", "abs({p})", "CASE WHEN {b} THEN {i} ELSE {i} END", "size({A})", "year({D})", "month({D})", "day({D})", "hour({T})", "instr({s}, {s})", "datediff({D}, {D})", "pmod({p}, 7)", "greatest({i}, {i})", "least({i}, {i})", "nullif({i}, {i})", "ascii({s})", "dayofweek({D})", "quarter({D})", "find_in_set({s}, {s})", "locate({s}, {s})", "levenshtein({s}, {s})", "get({A}, {p})", "hash({s}, {i})", "try_add({i}, {i})", "weekday({D})", "dayofyear({T})", "bit_length({s})", "array_max({A})", "array_min({A})", "nvl({i}, 0)", "try_element_at({A}, {q})"],
    "l": ["try_add({l}, {l})", "try_multiply({l}, {l})", "coalesce({l}, {i})", "ceil({d})", "floor({m} )", "array_position({A}, {i})", "{p} DIV 3", "xxhash64({s})", "crc32({s})"],
    "d": ["coalesce({d}, {d})", "round({d}, 2)", "abs({d})", "sqrt(abs({d}))", "{i} / 4", "{d} + {d}", "{d} * 0.5D", "try_divide({d}, {d})", "CAST({i} AS DOUBLE)", "exp({d} / 1000)", "pow({p}, 2)", "months_between({D}, {D})", "atan({d})", "signum({d})"],
    "m": ["coalesce({m}, {m})", "{m} + {m}", "{m} - {m}", "{m} * 2", "round({m}, 1)", "abs({m})", "{m} % 7", "{m} / 3", "CAST({m} AS DECIMAL(20,1))", "bround({m}, 1)"],
    "s": ["upper({s})", "lower({s})", "concat({s}, {s})", "trim({s})", "substring({s}, {q}, {q})", "coalesce({s}, {s})", "CAST({i} AS STRING)", "CAST({d} AS STRING)", "CAST({m} AS STRING)", "CAST({D} AS STRING)", "CAST({T} AS STRING)", "CAST({b} AS STRING)", "reverse({s})", "lpad({s}, 5, '*')", "rpad({s}, {q}, '-')", "replace({s}, 'a', 'b')", "if({b}, {s}, {s})", "concat_ws('-', {s}, {s}, {i})", "substring_index({s}, ' ', 1)", "initcap({s})", "date_format({T}, 'yyyy-MM-dd HH:mm')", "date_format({D}, 'MMM d, yyyy')", "translate({s}, 'abc', 'xyz')", "left({s}, {q})", "right({s}, {q})", "split_part({s}, ',', 1)", "regexp_replace({s}, '[a-c]+', '<$0>')", "regexp_extract({s}, '([a-z])([a-z])', 2)", "md5({s})", "sha2({s}, 256)", "hex({s})", "base64({s})", "soundex({s})", "array_join({S}, '|')", "CAST({A} AS STRING)", "{s} || {s}", "nullif({s}, {s})", "repeat({s}, 2)", "dayname({D})", "to_json(named_struct('a', {i}, 'b', {s}))", "format_string('%s-%d', {s}, {i})", "get({S}, 0)", "typeof({m})", "bin({p})", "overlay({s} PLACING 'Z' FROM 2)"],
    "b": ["{i} > {i}", "{i} = {i}", "{s} = {s}", "{s} LIKE '%a%'", "{s} < {s}", "NOT {b}", "({b}) AND ({b})", "({b}) OR ({b})", "{i} IS NULL", "{s} IS NOT NULL", "{i} IN (1, 7, {i})", "{D} < {D}", "{i} BETWEEN 0 AND {i}", "array_contains({A}, {i})", "{s} RLIKE '^[a-z]+$'", "contains({s}, {s})", "startswith({s}, {s})", "{i} <=> {i}", "exists({A}, x -> x > {i})", "{m} >= {m}", "{d} < {d}", "{T} > {T}", "equal_null({s}, {s})", "({b}) IS TRUE", "forall({A}, x -> x < 100)", "endswith({s}, {s})", "isnan({d})"],
    "D": ["date_add({D}, {q})", "date_sub({D}, {q})", "add_months({D}, {q})", "last_day({D})", "trunc({D}, 'MM')", "trunc({D}, 'year')", "coalesce({D}, {D})", "CAST({T} AS DATE)", "greatest({D}, {D})", "next_day({D}, 'MO')", "if({b}, {D}, {D})", "to_date(CAST({D} AS STRING))", "make_date(2024, 2, {q} + 1)"],
    "T": ["date_trunc('hour', {T})", "date_trunc('month', {T})", "CAST({D} AS TIMESTAMP)", "coalesce({T}, {T})", "{T} + INTERVAL 1 DAY", "{T} - INTERVAL 90 MINUTES", "timestamp_seconds({p})", "dateadd(HOUR, {q}, {T})", "{T} + INTERVAL 1 MONTH"],
    "A": ["transform({A}, x -> coalesce(x, 0) % 5)", "filter({A}, x -> x > {q})", "array_distinct({A})", "sort_array({A})", "array_union({A}, {A})", "array_except({A}, {A})", "slice({A}, 1, {q})", "array_append({A}, {i})", "reverse({A})", "array_compact({A})", "concat({A}, {A})", "array_sort({A})", "array_intersect({A}, {A})", "transform({A}, (x, i) -> i)", "array_remove({A}, {i})", "array_prepend({A}, {i})"],
    "S": ["split({s}, ',')", "transform({S}, x -> upper(x))", "array_compact({S})", "array_distinct({S})", "array({s}, {s})", "filter({S}, x -> x <> {s})", "array_sort({S})"],
}

LEAVES["N"] = ["cntz", "TIMESTAMP_NTZ'2024-03-01 10:20:30.5'"]
LEAVES["M"] = ["cmap", "map('a', 1, 'b', ci)", "map(coalesce(cs, 'n'), cp)"]
LEAVES["x"] = ["cbin", "X'1F00FF'", "CAST(cs AS BINARY)"]
LEAVES["f"] = ["cf", "CAST(ci AS FLOAT)"]
LEAVES["h"] = ["ch", "cy", "2S"]
LEAVES["I"] = ["INTERVAL '1 02:03:04.5' DAY TO SECOND", "(cts - TIMESTAMP'2024-01-01 00:00:00')", "make_dt_interval(cp, cn, 0, 1.5)"]
LEAVES["Y"] = ["INTERVAL '1-2' YEAR TO MONTH", "make_ym_interval(cn, cp)"]
LEAVES["R"] = ["cst", "named_struct('a', ci, 'b', cs)"]

MORE = {
    "i": ["size({M})", "octet_length({x})", "length({x})", "char_length({s})", "minute({T})", "second({N})", "hour({N})", "weekofyear({D})", "extract(MONTH FROM {T})", "extract(DAY FROM {I})", "extract(HOUR FROM {I})", "date_part('YEAR', {N})", "cardinality({S})", "array_size({A})", "{h} + {i}", "{h} * {h}", "{p} & {i}", "{p} | {i}", "{p} ^ {i}", "~{i}", "shiftleft({p}, {q})", "shiftright({i}, {q})", "bit_count({i})", "getbit({i}, {q})", "nvl2({s}, {i}, {i})", "if({b}, {i}, {p})", "element_at({M}, 'zz')", "{M}['a']", "{R}.a", "aggregate({A}, 0, (a, x) -> a + coalesce(x, 0) % 10)", "reduce({A}, {p}, (a, x) -> greatest(a, x))", "try_subtract({i}, {i})", "zeroifnull({i})", "nullifzero({i})", "json_array_length(cj)", "unix_date({D})", "mod({p}, 3)", "negative({p})", "positive({i})", "date_diff({D}, {D})", "timestampdiff(DAY, {T}, {T})", "try_cast({s} AS INT)", "try_cast({d} AS INT)", "CASE {i} WHEN 7 THEN 1 WHEN {p} THEN 2 END", "regexp_count({s}, '[a-z]')", "regexp_instr({s}, 'b')", "position({s} IN {s})", "width_bucket({d}, 0D, 10D, 5)", "array_position({S}, {s})", "decode({i}, 7, 1, 42, 2, 3)"],
    "l": ["unix_seconds({T})", "unix_millis({T})", "unix_micros({T})", "unix_timestamp({T})", "{l} + {i}", "try_subtract({l}, {l})", "bit_count({l})", "hash({d}, {D}) + 0L", "xxhash64({i}, {b})", "xxhash64({D}, {T})", "try_cast({s} AS BIGINT)", "datediff(HOUR, {T}, {T})", "timestampdiff(MINUTE, {N}, {N})", "factorial({q})"],
    "d": ["{f} * 2", "CAST({f} AS DOUBLE)", "sin({p})", "cos({d})", "tanh({p})", "degrees({d})", "radians({d})", "log2(abs({p}) + 1)", "ln(abs({d}) + 1)", "log10({p} + 10)", "cbrt({d})", "hypot({p}, {p})", "atan2({d}, {p})", "rint({d})", "nanvl({d}, {d})", "{d} % 3", "{d} - {f}", "bround({d}, 1)", "try_cast({s} AS DOUBLE)", "greatest({d}, {d})", "least({d}, {f})", "negative({d})", "expm1({d} / 100)", "log1p(abs({d}))", "zeroifnull({d})", "round({d})", "nvl2({s}, {d}, {d})"],
    "m": ["{m} * {m}", "{m} + {i}", "{m} - {l}", "greatest({m}, {m})", "least({m}, {i})", "try_divide({m}, {m})", "try_add({m}, {m})", "try_multiply({m}, 3)", "ceil({m}, 1)", "floor({m}, 1)", "negative({m})", "sign({p}) * {m}", "if({b}, {m}, {i})", "try_cast({s} AS DECIMAL(10,2))", "CAST({d} AS DECIMAL(20,4))", "nullif({m}, {m})", "extract(SECOND FROM {T})", "{m} + {l} / 2"],
    "s": ["substr({s}, -{q})", "concat({s}, {i})", "ltrim({s})", "rtrim({s})", "btrim({s}, 'ab')", "lcase({s})", "ucase({s})", "space({q})", "elt({q}, {s}, {s}, {s})", "nvl({s}, {s})", "greatest({s}, {s})", "least({s}, {s})", "sha1({s})", "url_encode({s})", "CAST(unbase64(base64({s})) AS STRING)", "format_number({d}, 2)", "format_number({i}, 0)", "printf('%5d|%s', {i}, {s})", "conv({p}, 10, 2)", "monthname({D})", "date_format({N}, 'EEEE, d MMMM yyyy h:mm:ss a')", "date_format({T}, 'D/w' )", "date_format({T}, 'yyyyMMdd''T''HHmmss.SSS')", "from_unixtime({p})", "CAST({N} AS STRING)", "CAST({M} AS STRING)", "CAST({R} AS STRING)", "CAST({S} AS STRING)", "CAST({f} AS STRING)", "CAST({x} AS STRING)", "CAST({l} AS STRING)", "hex({i})", "hex({x})", "to_json({M})", "to_json({A})", "to_json({R})", "get_json_object(cj, '$.b.c')", "{R}.b", "mask({s})", "regexp_substr({s}, '[a-z]+')", "regexp_extract({s}, '(\\\\w+) (\\\\w+)', 1)", "translate({s}, 'lo', '0')", "array_join({A}, ',', 'n')", "element_at({S}, 1)", "try_element_at({S}, {q})", "CASE WHEN {b} THEN {s} WHEN {b} THEN {s} END", "split({s}, ' ')[0]", "sha({x})", "md5({x})", "substring({s} FROM {q})", "trim(BOTH 'a' FROM {s})", "typeof({A})", "typeof({l} + {i})", "typeof({m} * {m})", "typeof(coalesce({i}, {d}))", "typeof({I})", "aggregate({S}, '', (a, x) -> a || coalesce(x, '?'))", "date_format({I} + {T}, 'yyyy-MM-dd HH:mm:ss')", "array_join(sort_array({S}, false), '/')", "array_join(map_keys({M}), ',')", "regexp_replace({s}, '(.)(.)', '$2$1')", "lpad({s}, {p}, 'xy')", "char(65 + {q})", "initcap(lower({s}))", "overlay({s}, {s}, {q})"],
    "b": ["{s} ILIKE 'A%'", "regexp_like({s}, 'b|c')", "map_contains_key({M}, 'a')", "arrays_overlap({A}, {A})", "array_contains({S}, {s})", "{N} < {N}", "{x} = {x}", "{h} <= {i}", "{f} >= {d}", "{I} > {I}", "{Y} = {Y}", "{A} = {A}", "{S} = {S}", "{R} = {R}", "isnull({s})", "isnotnull({D})", "{s} IN ('abc', {s})", "{i} NOT IN ({i}, {p})", "{s} NOT LIKE 'H%'", "{d} <=> {d}", "{D} = {T}", "{D} <=> {D}", "({b}) <=> ({b})", "{b} IS NOT FALSE", "{d} BETWEEN -1 AND {d}", "try_cast({s} AS BOOLEAN)", "{s} LIKE concat('%', {w}, '%')", "{l} = {i}", "{m} > {i}", "{m} = {d}", "{s} LIKE ANY ('%b%', '%o%')", "{s} LIKE ALL ('%b%', '%c%')", "exists({S}, s -> s LIKE '%a%')"],
    "D": ["{D} + {q}", "{D} - {q}", "{D} + INTERVAL 1 MONTH", "{D} - INTERVAL '1' YEAR", "date({T})", "trunc({D}, 'WEEK')", "trunc({D}, 'QUARTER')", "least({D}, {D})", "date_from_unix_date({p} * 1000)", "to_date({T})", "CAST({N} AS DATE)", "try_to_date({s})", "to_date(date_format({D}, 'dd/MM/yyyy'), 'dd/MM/yyyy')", "nvl2({s}, {D}, {D})", "next_day({T}, 'Friday')", "add_months({D}, -{q})", "last_day({T})", "CASE WHEN {b} THEN {D} END", "element_at(sequence({D}, {D} + 3), 2)", "try_cast({s} AS DATE)", "CAST(ck AS DATE)"],
    "T": ["{T} + {I}", "{T} - {I}", "{T} + {Y}", "date_trunc('WEEK', {T})", "date_trunc('QUARTER', {T})", "date_trunc('MINUTE', {T})", "date_trunc('DAY', {T})", "date_trunc('YEAR', {T})", "timestamp_millis({i})", "timestamp_micros({l})", "CAST({N} AS TIMESTAMP)", "greatest({T}, {T})", "least({T}, {T})", "to_timestamp(CAST({T} AS STRING))", "to_timestamp(date_format({T}, 'yyyy-MM-dd HH:mm'), 'yyyy-MM-dd HH:mm')", "from_utc_timestamp({T}, 'America/New_York')", "to_utc_timestamp({T}, 'Asia/Kolkata')", "timestampadd(MINUTE, {p}, {T})", "dateadd(MONTH, {q}, {T})", "if({b}, {T}, {T})", "make_timestamp(2024, {q}, {q}, {q}, 30, 1.5)", "try_to_timestamp({s})", "nullif({T}, {T})", "CAST(ck AS TIMESTAMP)"],
    "N": ["{N} + {I}", "{N} - {Y}", "CAST({D} AS TIMESTAMP_NTZ)", "CAST({T} AS TIMESTAMP_NTZ)", "coalesce({N}, {N})", "greatest({N}, {N})", "date_trunc('HOUR', {N})", "{N} + INTERVAL 36 HOURS", "convert_timezone('UTC', 'Europe/Berlin', {N})", "if({b}, {N}, {N})", "to_timestamp_ntz(CAST({N} AS STRING))", "dateadd(DAY, {q}, {N})"],
    "A": ["array_repeat({i}, {q})", "map_values({M})", "flatten(array({A}, {A}))", "sequence({q}, {q} + 3)", "sort_array({A}, false)", "array_sort({A}, (a, b) -> CASE WHEN a < b THEN 1 WHEN a > b THEN -1 ELSE 0 END)", "zip_with({A}, {A}, (a, b) -> coalesce(a, b))", "array_insert({A}, 1, {i})", "if({b}, {A}, {A})", "filter({A}, (x, i) -> i % 2 = 0)", "transform({S}, x -> length(x))", "map_values(transform_values({M}, (k, v) -> v % 100))", "coalesce({A}, {A})", "slice({A}, -2, 2)", "try_cast({A} AS ARRAY<INT>)"],
    "S": ["map_keys({M})", "transform({A}, x -> CAST(x AS STRING))", "split({s}, '[ ,]')", "sort_array({S})", "reverse({S})", "array_union({S}, {S})", "array_except({S}, {S})", "array_intersect({S}, {S})", "array_append({S}, {s})", "concat({S}, {S})", "slice({S}, 1, {q})", "array_repeat({s}, {q})", "regexp_extract_all({s}, '([a-z]+)', 1)", "array_remove({S}, {s})", "transform(map_entries({M}), e -> e.key)", "map_keys(map_filter({M}, (k, v) -> v > {p}))", "coalesce({S}, {S})", "zip_with({S}, {A}, (s, n) -> concat(s, ':', n))", "array_prepend({S}, {s})", "flatten(array({S}, {S}))"],
    "M": ["map_filter({M}, (k, v) -> v IS NOT NULL)", "transform_values({M}, (k, v) -> v % 10 + length(k))", "if({b}, {M}, {M})", "coalesce({M}, {M})", "transform_keys({M}, (k, v) -> concat(k, '!'))"],
    "x": ["CAST({s} AS BINARY)", "unhex(hex({s}))", "unbase64(base64({s}))", "substring({x}, 1, {q})", "{x} || {x}", "coalesce({x}, {x})", "encode({s}, 'UTF-8')", "to_binary(hex({s}), 'hex')", "if({b}, {x}, {x})"],
    "f": ["{f} + {f}", "abs({f})", "{f} * {f}", "CAST({p} AS FLOAT)", "coalesce({f}, {f})", "greatest({f}, {f})", "negative({f})", "try_add({f}, {f})"],
    "R": ["named_struct('a', {i}, 'b', {s})", "if({b}, {R}, {R})", "coalesce({R}, {R})", "struct({i} AS a, {s} AS b)"],
    "I": ["{I} + {I}", "{I} * 2", "{I} / 3", "abs({I})", "{N} - {N}", "{T} - {T}", "-{I}", "coalesce({I}, {I})", "try_add({I}, {I})"],
    "Y": ["{Y} + {Y}", "{Y} * 3", "-{Y}", "if({b}, {Y}, {Y})", "{Y} / 2"],
}
for kind, rules in MORE.items():
    RULES[kind] = RULES.get(kind, []) + rules

# Small numbers, so that nothing grows without bound.
LEAVES["w"] = ["cw", "'b'"]
LEAVES["p"] = ["ci", "cn", "cp", "id", "7"]
LEAVES["q"] = ["1", "2", "3", "cp"]


# Kinds of whole expressions; an interval has no text that all drivers share.
KINDS = "iiildmmsssbbDTNASMxfR"


def expression(rng, kind, depth):
    if depth == 0 or kind in "pqhw" or rng.random() < 0.12:
        return rng.choice(LEAVES[kind])
    template = rng.choice(RULES[kind])
    out = ""
    at = 0
    while at < len(template):
        if template[at] == "{":
            out += expression(rng, template[at + 1], depth - 1)
            at += 3
        else:
            out += template[at]
            at += 1
    return out


def random_expressions(count, seed):
    rng = random.Random(seed)
    seen = set()
    while len(seen) < count:
        text = expression(rng, rng.choice(KINDS), rng.choice([2, 2, 3, 3, 4]))
        if len(text) < 400 and text not in seen:
            seen.add(text)
            yield text
