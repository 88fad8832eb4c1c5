'use strict';

/** Set where a busy machine is no fault of the change (`.ci/run`); whatever passed only when it was tried again is named. */
const RETRIES = Number(process.env.TEST_RETRIES ?? 0);

module.exports = {
  require: ['./tools/use-driver.cjs', './tools/typescript.cjs', './tools/few-roots.cjs', './tools/mocha-hooks.cjs'],
  extension: ['ts'],
  timeout: 60_000,
  retries: RETRIES,
  reporter: 'spec',
};
