/*
 * Whole ways over real sockets. Only what measures time is tried again, and says so (`.retries(2)`); a run leaves the process
 * as it found it and ends by itself, or fails.
 */
'use strict';

module.exports = {
  require: [
    require.resolve('../../tools/use-driver.cjs'),
    '@swc-node/register',
    require.resolve('../../tools/mocha-hooks.cjs'),
  ],
  extension: ['ts'],
  timeout: 60_000,
  reporter: 'spec',
};
