"""Asks a real Spark, in ANSI mode, what expressions answer, and writes the table that the tests replay.

Lines of the result are JSON: [kind, expression, type, value] or [kind, expression, null, error class, SQLSTATE];
kinds: c constant, r over the rows of `t`, a aggregate over `t`, q a query, z:<zone> a constant or row in that time zone.
"""

import base64
import datetime
import decimal
import gzip
import io
import json
import logging
import os
import random
import re
import sys
import tempfile
import time

os.environ["TZ"] = "UTC"
time.tzset()

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from random_expressions import random_expressions
from signatures import AGGREGATE_TEMPLATES, AGGREGATES, QUERIES, SCALARS, TEMPLATES, WINDOWS, ZONED, ZONES
from values import COLUMNS, POOLS, SETUP

SEED = 20
CONSTANTS = 8  # per overload with arguments, at most
ROWS = 3  # over columns, per overload
BATCH = 40
LONGEST = 3000  # characters of an entry that is kept
ROW_COUNT = 6
# Answers that depend on the order of rows, or that a driver cannot show as they are.
EXCLUDED = {"collect_list(ci)", "collect_list(cs)", "array_agg(ci)", "sum(sum(ci)) OVER ()", "arrays_zip(ca, array('a,b',''))"}


def lines_of(name):
    """The lines of a file beside this one that are no comments."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines if not line.startswith("#")]


EXCLUDED |= set(lines_of("left_out.txt"))
UNFIT = {"PARSE_SYNTAX_ERROR", "UNRESOLVED_ROUTINE", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"}
INEXACT = re.compile(r"\b(?:sin|cos|tanh|atan2?|exp|expm1|ln|log2|log10|log1p|pow|cbrt|hypot)\(")
EPOCH = datetime.datetime(1970, 1, 1)


def arguments(signature):
    """Splits `sw«text»` into pool letters and quoted texts."""
    parts = []
    for letter, text in re.findall(r"([A-Za-z*])|«([^»]*)»", signature):
        parts.append(letter or "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'")
    return parts


def number_or_text(text):
    return text[1:-1] if re.fullmatch(r"'-?\d+(\.\d+)?'", text) else text


def sample(rng, parts, count):
    """Up to `count` distinct lists of arguments, the first with the first value of every pool."""
    fixed = [number_or_text(p) for p in parts]
    found = [[POOLS[p][0] if p in POOLS else fixed[i] for i, p in enumerate(parts)]]
    for _ in range(count * 6):
        if len(found) >= count:
            break
        pick = [rng.choice(POOLS[p]) if p in POOLS else number_or_text(p) for p in parts]
        if pick not in found:
            found.append(pick)
    return found


def over_columns(rng, parts, count):
    found = []
    for _ in range(count * 4):
        if len(found) >= count:
            break
        pick = []
        for p in parts:
            column = COLUMNS.get(p)
            if column and (not pick or rng.random() < 0.6):
                pick.append(column)
            else:
                pick.append(rng.choice(POOLS[p]) if p in POOLS else number_or_text(p))
        if any(c in pick for c in COLUMNS.values()) and pick not in found:
            found.append(pick)
    return found


def expressions():
    rng = random.Random(SEED)
    seen = set()

    def emit(kind, text):
        if (kind, text) not in seen:
            seen.add((kind, text))
            yield kind, text

    for entry in re.split(r";\s|\n", SCALARS.strip()):
        name, _, signature = entry.partition(" ")
        parts = arguments(signature)
        for args in sample(rng, parts, CONSTANTS if parts else 1):
            yield from emit("c", f"{name}({', '.join(args)})")
        for args in over_columns(rng, parts, ROWS):
            yield from emit("r", f"{name}({', '.join(args)})")
    for line in TEMPLATES.strip().splitlines():
        for template in line.split("; "):
            holes = re.findall(r"\{(\w)\}", template)
            forms = sample(rng, holes, 7 if len(holes) > 1 else 10) if holes else [[]]
            for args in forms:
                values = iter(args)
                yield from emit("c" if "ci]" not in template else "r", re.sub(r"\{\w\}", lambda _: next(values), template))
            for args in over_columns(rng, holes, 2) if holes else []:
                values = iter(args)
                yield from emit("r", re.sub(r"\{\w\}", lambda _: next(values), template))
    for entry in re.split(r";\s|\n", AGGREGATES.strip()):
        name, _, signature = entry.strip().partition(" ")
        parts = arguments(signature)
        columns = [COLUMNS.get(p, number_or_text(p)) for p in parts]
        call = ", ".join(columns)
        yield from emit("a", f"{name}({call})")
        if call != "*":
            yield from emit("a", f"{name}({call}) FILTER (WHERE id < 4)")
            yield from emit("a", f"{name}({call}) FILTER (WHERE id < 0)")
            # The order of what is joined has to be said where it is a set that is joined.
            if name not in ("listagg", "string_agg"):
                yield from emit("a", f"{name}(DISTINCT {call})")
            yield from emit("q", f"SELECT g, {name}({call}) FROM t GROUP BY g ORDER BY g")
            yield from emit("r", f"{name}({call}) OVER (PARTITION BY g)")
            for args in sample(rng, parts, 2):
                yield from emit("c", f"{name}({', '.join(args)})")
    for text in AGGREGATE_TEMPLATES.strip().split("; "):
        yield from emit("a", text)
        yield from emit("q", f"SELECT g, {text} AS v FROM t GROUP BY g ORDER BY g")
    for text in WINDOWS.strip().split("; "):
        yield from emit("r", text)
    for text in QUERIES.strip().splitlines():
        yield from emit("q", text)
    for text in lines_of("found.txt"):
        yield from emit("q", text[2:]) if text.startswith("q ") else emit("c", text)
    for zone in ZONES:
        for text in ZONED.strip().split("; "):
            yield from emit(f"z:{zone}", text)


def opaque(dtype):
    """Whether Python cannot hold values of this type."""
    if isinstance(dtype, T.ArrayType):
        return opaque(dtype.elementType)
    if isinstance(dtype, T.MapType):
        return opaque(dtype.keyType) or opaque(dtype.valueType)
    if isinstance(dtype, T.StructType):
        return any(opaque(f.dataType) for f in dtype.fields)
    return isinstance(dtype, (T.YearMonthIntervalType, T.DayTimeIntervalType, T.CalendarIntervalType, T.VariantType)) or dtype.typeName() in ("interval", "variant")


def encode(value, dtype):
    if value is None:
        return None
    if isinstance(dtype, T.ArrayType):
        return [encode(v, dtype.elementType) for v in value]
    if isinstance(dtype, T.MapType):
        return [[encode(k, dtype.keyType), encode(v, dtype.valueType)] for k, v in value.items()]
    if isinstance(dtype, T.StructType):
        return [encode(v, f.dataType) for v, f in zip(value, dtype.fields)]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, bool) or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        micros = (value.replace(tzinfo=None) - EPOCH) // datetime.timedelta(microseconds=1)
        return str(micros)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def is_kept(entry):
    if entry[1] in EXCLUDED or entry[-1] == "XX000":
        return False
    # What Spark does not even read was composed badly; a wrong pattern fails where nothing asks for its value.
    if entry[0] == "r" and entry[2] is None and entry[3] in UNFIT:
        return False
    # No two mathematical libraries share the last digits of a double, and a hash shows them.
    if entry[0] == "r" and "hash" in entry[1] and INEXACT.search(entry[1]):
        return False
    return entry[0] != "r" or entry[2] is None or len(entry[3]) == ROW_COUNT


class Oracle:
    def __init__(self, many):
        self.many = many
        builder = SparkSession.builder.master("local[2]")
        for key, value in {
            "spark.ui.enabled": "false",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
            "spark.driver.memory": "2g",
            "spark.sql.warehouse.dir": tempfile.gettempdir(),
        }.items():
            builder = builder.config(key, value)
        self.spark = builder.getOrCreate()
        self.spark.sparkContext.setLogLevel("OFF")
        self.spark.sql(SETUP).coalesce(1).createOrReplaceTempView("t0")
        self.spark.sql("CREATE OR REPLACE TEMPORARY VIEW t AS SELECT * FROM t0")
        # Rows that Spark holds itself: a projection of them needs no job, and keeps their order.
        self.spark.sql(SETUP).createOrReplaceTempView("t_local")

    def select(self, kind, texts):
        listed = ", ".join(f"{text} AS c{i}" for i, text in enumerate(texts))
        if kind == "c":
            return f"SELECT {listed}"
        if kind == "a":
            return f"SELECT {listed} FROM t"
        if self.many:
            return f"SELECT {listed} FROM t_local"
        return f"SELECT {listed} FROM t ORDER BY id"

    def rows(self, sql):
        """Types and encoded rows of a query."""
        frame = self.spark.sql(sql)
        fields = frame.schema.fields
        types = [f.dataType for f in fields]
        if any(opaque(t) for t in types):
            names = [f"k{i}" for i in range(len(fields))]
            frame = frame.toDF(*names)
            frame = frame.selectExpr(*[f"CAST({n} AS STRING)" if opaque(t) else n for n, t in zip(names, types)])
        shown = [T.StringType() if opaque(t) else t for t in types]
        rows = [[encode(v, t) for v, t in zip(row, shown)] for row in frame.collect()]
        return [t.simpleString() for t in types], rows

    def one(self, kind, text):
        try:
            if kind == "q":
                types, rows = self.rows(text)
                return ["q", text, types, rows]
            base = self.base(kind, text)
            types, rows = self.rows(self.select(base, [text]))
            if len(types) != 1:
                return ["q", self.select(base, [text]), types, rows]
            column = [row[0] for row in rows]
            # A generator makes rows of its own.
            if base in "ca" and len(column) != 1:
                return ["q", self.select(base, [text]), types, rows]
            return [kind, text, types[0], column if base == "r" else column[0]]
        except PySparkException as error:
            state = error.getSqlState()
            name = error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()
            if state is None:
                found = re.search(r"\[([A-Z_.]+)\].*SQLSTATE: (\w{5})", str(error), re.S)
                if not found:
                    return None
                name, state = found.group(1), found.group(2)
            return [kind, text, None, name, state]
        except Exception as error:
            # A value that Python cannot hold, or an error inside of Spark that is no answer.
            found = re.search(r"\[([A-Z_.]+)\][^\n]*SQLSTATE: (\w{5})", str(error))
            return [kind, text, None, found.group(1), found.group(2)] if found else None

    def base(self, kind, text):
        if not kind.startswith("z:"):
            return kind
        return "r" if re.search(r"\b(cts|cday|cntz|ck|cl|ci)\b", text) else "c"

    def batch(self, kind, texts):
        """As `one` for each; several in one query while they succeed."""
        if len(texts) > 1 and kind != "q":
            try:
                types, rows = self.rows(self.select(self.base(kind, texts[0]), texts))
                if len(types) == len(texts) and len(rows) == (ROW_COUNT if kind == "r" else 1):
                    columns = [[row[i] for row in rows] for i in range(len(texts))]
                    return [[kind, t, types[i], columns[i] if kind == "r" else columns[i][0]] for i, t in enumerate(texts)]
            except Exception:
                pass
            if len(texts) > 4:
                middle = len(texts) // 2
                return self.batch(kind, texts[:middle]) + self.batch(kind, texts[middle:])
        return [self.one(kind, text) for text in texts]


def writer(target):
    """A text file; compressed, and always the same for the same text, when its name says so."""
    if not target.endswith(".gz"):
        return open(target, "w", encoding="utf-8")
    return io.TextIOWrapper(gzip.GzipFile(target, "wb", mtime=0), encoding="utf-8")


def main(target, count):
    """The table, or with a count as many random expressions."""
    logging.disable(logging.CRITICAL)
    oracle = Oracle(count > 0)
    groups = {}
    for kind, text in expressions() if count == 0 else (("r", text) for text in random_expressions(count, SEED)):
        groups.setdefault(kind, []).append(text)
    written = 0
    with writer(target) as out:
        for kind, texts in groups.items():
            if kind.startswith("z:"):
                oracle.spark.conf.set("spark.sql.session.timeZone", kind[2:])
            for start in range(0, len(texts), BATCH if not kind.startswith("z:") else 1):
                chunk = texts[start : start + (BATCH if not kind.startswith("z:") else 1)]
                for entry in oracle.batch(kind, chunk):
                    line = "" if entry is None else json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
                    if line and len(line) <= LONGEST and is_kept(entry):
                        out.write(line + "\n")
                        written += 1
                print(f"{kind} {start + len(chunk)}/{len(texts)}", file=sys.stderr, flush=True)
    print(f"{written} expressions", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
