#!/usr/bin/env bash
# Asks a real Spark for the table of agreement and for random expressions, and one with Delta Lake for programs. Needs Python 3,
# a JDK 17, PyPI and, for Delta Lake, Maven Central; no test needs it.
# Usage: oracle/run.sh [number of random expressions]
set -euo pipefail
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/databricks-local-workspace-oracle"
if [ ! -x "$cache/bin/python" ]; then
  python3 -m venv "$cache"
  "$cache/bin/pip" install --quiet pyspark==4.3.0
fi
PYTHONDONTWRITEBYTECODE=1 "$cache/bin/python" generate.py table.jsonl
PYTHONDONTWRITEBYTECODE=1 "$cache/bin/python" generate.py random.jsonl.gz "${1:-52000}"
PYTHONDONTWRITEBYTECODE=1 "$cache/bin/python" -c 'from values import SETUP; print(SETUP)' > setup.sql
if [ ! -x "$cache-delta/bin/python" ]; then
  python3 -m venv "$cache-delta"
  "$cache-delta/bin/pip" install --quiet pyspark==4.1.0 delta-spark==4.1.0
fi
PYTHONDONTWRITEBYTECODE=1 "$cache-delta/bin/python" generate_programs.py programs.jsonl
