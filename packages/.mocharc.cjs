/*
 * Databases, browsers, drivers of other languages and processes that are killed, on a machine that does other things too: a
 * test is tried once more, and what a native module leaves open does not keep a run from its end.
 */
'use strict';

module.exports = {
  require: [require.resolve('../tools/use-driver.cjs'), '@swc-node/register'],
  extension: ['ts'],
  timeout: 60_000,
  reporter: 'spec',
  exit: true,
  retries: 1,
};
