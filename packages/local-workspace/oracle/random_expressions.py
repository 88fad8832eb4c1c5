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
    "i": ["coalesce({i}, {i})", "if({b}, {i}, {i})", "length({s})", "abs({p})", "CASE WHEN {b} THEN {i} ELSE {i} END", "size({A})", "year({D})", "month({D})", "day({D})", "hour({T})", "instr({s}, {s})", "datediff({D}, {D})", "pmod({p}, 7)", "greatest({i}, {i})", "least({i}, {i})", "nullif({i}, {i})", "ascii({s})", "dayofweek({D})", "quarter({D})", "find_in_set({s}, {s})", "locate({s}, {s})", "levenshtein({s}, {s})", "get({A}, {p})", "hash({s}, {i})", "sign({p}) + 0 = 1", "try_add({i}, {i})", "weekday({D})", "dayofyear({T})", "bit_length({s})", "array_max({A})", "array_min({A})", "nvl({i}, 0)", "try_element_at({A}, {q})"],
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

# Small numbers, so that nothing grows without bound.
LEAVES["p"] = ["ci", "cn", "cp", "id", "7"]
LEAVES["q"] = ["1", "2", "3", "cp"]


def expression(rng, kind, depth):
    if depth == 0 or kind in "pq" or rng.random() < 0.12:
        return rng.choice(LEAVES[kind])
    template = rng.choice(RULES[kind])
    while "= 1" in template and kind == "i":
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
        text = expression(rng, rng.choice("ildmsbDTAS"), rng.choice([2, 2, 3, 3, 4]))
        if len(text) < 400 and text not in seen:
            seen.add(text)
            yield text
