/*
 * Whole ways over real sockets, with deadlines of a second or two, on a machine that does other things too: a test is tried
 * once more.
 */
'use strict';

module.exports = {
  require: [require.resolve('../../tools/use-driver.cjs'), '@swc-node/register'],
  extension: ['ts'],
  timeout: 60_000,
  reporter: 'spec',
  exit: true,
  retries: 1,
};
