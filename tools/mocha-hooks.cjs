/*
 * Loaded by mocha (`.mocharc.json`). A run leaves the process as it found it, and ends by itself when nothing is open any
 * more. One that does not, because a test or the library has left something behind, fails and says what that is.
 */
'use strict';

const GRACE_MS = 20_000;

/** Events of the process to whose listeners something happens when they are left behind. */
const EVENTS = ['beforeExit', 'exit', 'uncaughtException', 'unhandledRejection', 'warning', 'SIGINT', 'SIGTERM'];

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

exports.mochaGlobalSetup = () => {
  before = state();
};

exports.mochaGlobalTeardown = () => {
  setTimeout(failOpen, GRACE_MS).unref();
  const after = state();
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  if (changed.length > 0) throw new Error(`The tests have changed in the process: ${changed.join(', ')}`);
};

function failOpen() {
  const open = new Map();
  for (const kind of process.getActiveResourcesInfo()) open.set(kind, (open.get(kind) ?? 0) + 1);
  const list = [...open].map(([kind, count]) => `${count} ${kind}`).join(', ');
  process.stderr.write(`\nThe tests are over and the process does not end: ${list || 'nothing known'} open\n`);
  process.exit(1);
}
