/*
 * Temporary files of a run of tests, and of the processes that it starts, are in one folder of its own, which goes with it:
 * also those of tests that failed.
 */
'use strict';

const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const folder = mkdtempSync(path.join(tmpdir(), 'tests-'));
process.env.TMPDIR = folder;

process.on('exit', () => {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A process that outlives the run still writes there: no failure of a test.
  }
});
