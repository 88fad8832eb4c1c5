/*
 * Loaded by mocha (`.mocharc.cjs`). A run leaves the process as it found it, and ends by itself when nothing is open any
 * more. One that does not, because a test or the library has left something behind, fails and says what that is; where a
 * test was tried again, it only says so, since the attempt that failed may have left anything.
 */
'use strict';

require('./mocha-temporary.cjs');

const GRACE_MS = Number(process.env.OPEN_HANDLES_GRACE_MS ?? 60_000);

/** Events of the process that nobody is to listen to afterwards; mocha itself listens to others. */
const EVENTS = ['beforeExit', 'warning', 'SIGINT', 'SIGTERM'];

/** What tests change and have to put back, by name. */
function state() {
  const { setTimeout, setImmediate, Date, fetch } = globalThis;
  return new Map([
    ...Object.entries({ setTimeout, setImmediate, Date, fetch, argv: process.argv.join(' '), cwd: process.cwd() }),
    ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value]),
    ...EVENTS.map((event) => [`listeners of ${event}`, process.listenerCount(event)]),
  ]);
}

let before = new Map();

/** Titles of tests that failed and then passed. */
const unsteady = new Set();

exports.mochaHooks = {
  afterEach() {
    const { currentTest: test } = this;
    if (test.state === 'passed' && test.currentRetry() > 0) unsteady.add(test.fullTitle());
  },
};

exports.mochaGlobalSetup = () => {
  before = state();
};

exports.mochaGlobalTeardown = () => {
  setTimeout(failOpen, GRACE_MS).unref();
  for (const title of unsteady) process.stderr.write(`passed only when it was tried again: ${title}\n`);
  const after = state();
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  if (changed.length === 0) return;
  process.stderr.write(`\nThe tests have changed in the process: ${changed.join(', ')}\n`);
  setImmediate(failAtExit);
};

/** Called after mocha has begun to listen, which sets the status by the tests alone. */
function failAtExit() {
  if (unsteady.size === 0) process.on('exit', () => (process.exitCode = 1));
}

function failOpen() {
  const open = new Map();
  for (const kind of process.getActiveResourcesInfo()) open.set(kind, (open.get(kind) ?? 0) + 1);
  const list = [...open].map(([kind, count]) => `${count} ${kind}`).join(', ');
  process.stderr.write(`\nThe tests are over and the process does not end: ${list || 'nothing known'} open\n`);
  failAtExit();
  process.exit();
}
