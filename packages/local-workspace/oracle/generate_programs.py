"""Asks a real Spark with Delta Lake what programs answer, and writes the table that the tests replay.

Lines of the result are JSON: [statements, names, types, rows] of the last statement's answer, or
[statements, null, error class, SQLSTATE].
"""

import json
import re
import sys
import tempfile

from delta import configure_spark_with_delta_pip
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from generate import encode, lines_of, opaque

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.sources.default": "delta",
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.databricks.delta.snapshotPartitions": "1",
    # What tables of Databricks have by themselves, or when a statement needs it.
    "spark.databricks.delta.properties.defaults.feature.allowColumnDefaults": "supported",
    "spark.databricks.delta.properties.defaults.columnMapping.mode": "name",
}
SCHEMA = "p"


def start():
    builder = SparkSession.builder.master("local[1]").config("spark.sql.warehouse.dir", tempfile.mkdtemp())
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    spark = configure_spark_with_delta_pip(builder).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def failed(error):
    """Error class and SQLSTATE; None for an error inside of Spark that is no answer."""
    if isinstance(error, PySparkException) and error.getSqlState():
        return error.getCondition(), error.getSqlState()
    # Where rows are written, what is wrong with one is a cause of the failure.
    cause = getattr(error, "java_exception", None)
    while cause is not None:
        throwable = cause.getClass().getName()
        if throwable.startswith("org.apache.spark.") and hasattr(cause, "getSqlState"):
            try:
                condition, state = cause.getCondition(), cause.getSqlState()
            except Exception:
                condition, state = None, None
            if state and condition not in ("TASK_WRITE_FAILED", "_LEGACY_ERROR_TEMP_2054"):
                return condition, state
        cause = cause.getCause()
    found = re.search(r"\[([A-Z_0-9.]+)\][^\n]*", str(error))
    state = re.search(r"SQLSTATE: (\w{5})", str(error))
    return (found.group(1), state.group(1)) if found and state else None


def answered(frame):
    fields = frame.schema.fields
    names = [f.name for f in fields]
    types = [f.dataType for f in fields]
    if any(opaque(t) for t in types):
        raise ValueError("values that Python cannot hold")
    rows = [[encode(v, t) for v, t in zip(row, types)] for row in frame.collect()]
    return [names, [t.simpleString() for t in types], rows]


def of_databricks(statement, names, types, rows):
    """The answer of SHOW with the columns that it has on Databricks."""
    names = list(names)
    if re.match(r"SHOW (TABLES|TABLE EXTENDED)", statement):
        names[0] = "database"
    if re.match(r"SHOW (SCHEMAS|DATABASES|NAMESPACES)", statement):
        names[0] = "databaseName"
    if statement.startswith("SHOW VIEWS"):
        return [[*names, "isMaterialized"], [*types, "boolean"], [[*row, False] for row in rows]]
    return [names, types, rows]


def answer(spark, program):
    """The line for a program; None when it cannot be asked."""
    statements = program.split("; ")
    session = spark.newSession()
    session.sql("USE spark_catalog.default")
    session.sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    session.sql(f"CREATE SCHEMA {SCHEMA}")
    session.sql(f"USE {SCHEMA}")
    for i, statement in enumerate(statements):
        is_last = i == len(statements) - 1
        try:
            # What is only a plan has not failed yet.
            result = answered(session.sql(statement))
        except Exception as error:
            found = failed(error)
            if not is_last or found is None:
                print(f"{program}\n  {statement}: {str(error)[:300]}", file=sys.stderr)
                return None
            # What fails inside of Spark is no answer.
            return None if found[1] == "XX000" else [statements, None, *found]
        if is_last:
            return [statements, *of_databricks(statement, *result)]


def main(target):
    spark = start()
    left_out = set(lines_of("programs_left_out.txt"))
    programs = [line for line in lines_of("programs.txt") if line and line not in left_out]
    with open(target, "w", encoding="utf-8") as out:
        for i, program in enumerate(programs):
            line = answer(spark, program)
            if line is not None:
                text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
                out.write(text.replace("spark_catalog", "main") + "\n")
                out.flush()
            print(f"{i + 1}/{len(programs)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
