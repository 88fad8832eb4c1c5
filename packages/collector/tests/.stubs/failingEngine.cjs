'use strict';
/*
 * Loaded into the thread of the store before it starts: makes DuckDB fail as files in the folder STORE_FAULTS ask for.
 * `load`: whatever is loaded fails while the file is there. `connection`: connections that load while it is there fail
 * from then on, for good. `question`: whatever is asked fails. `row`: rows with the statement id "poison" fail. `slow`:
 * questions about statements take hours.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { DuckDBAppender, DuckDBConnection } = require('@duckdb/node-api');

const asked = (name) => existsSync(join(process.env.STORE_FAULTS, name));
const HOURS = 'SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)';
const broken = new WeakSet();
const { createAppender, runAndReadAll } = DuckDBConnection.prototype;

DuckDBConnection.prototype.createAppender = function (...args) {
  if (asked('connection')) broken.add(this);
  if (asked('load') || broken.has(this)) {
    throw new Error(`Binder Error: Ambiguous reference to column name "x" near 'a secret value' LINE 1: SELECT secret`);
  }
  return createAppender.apply(this, args);
};

DuckDBConnection.prototype.runAndReadAll = function (sql, ...args) {
  if (asked('question')) throw new Error(`Conversion Error: Could not convert string '${sql}' LINE 1: ${sql}`);
  const isSlow = asked('slow') && sql.includes('FROM all_statements');
  return runAndReadAll.call(this, isSlow ? HOURS : sql, ...args);
};

const { appendDataChunk } = DuckDBAppender.prototype;
DuckDBAppender.prototype.appendDataChunk = function (chunk) {
  if (asked('row') && chunk.getRows().some((row) => row.includes('poison'))) {
    throw new Error(`Conversion Error: Could not cast value 'a secret value' to INT32`);
  }
  return appendDataChunk.call(this, chunk);
};
