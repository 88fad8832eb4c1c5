/* One line a check; a failed one does not hide the later ones. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

// A user's shell: without the settings that npm passes to scripts, and without a chosen driver.
const OURS = /^(npm_|NODE_OPTIONS$|DATABRICKS_)/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

const MINUTE_MS = 60_000;

/** Runs a program and returns its output; throws with the output when it fails or takes five minutes. */
export function run(cwd, program, args, more = {}) {
  try {
    const options = { cwd, env: { ...env, ...more }, encoding: 'utf8', stdio: 'pipe', timeout: 5 * MINUTE_MS };
    return execFileSync(program, args, { ...options, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${path.basename(program)} ${args.join(' ')}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

export class Report {
  failures = 0;

  /** Runs `body`, which throws when something is wrong and may return a note; returns whether all was well. */
  check(title, body) {
    const startedMs = Date.now();
    try {
      const note = body();
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
      console.log(`  ok      ${title} (${note ? `${note}, ` : ''}${seconds} s)`);
      return true;
    } catch (error) {
      this.failures += 1;
      console.log(`  FAILED  ${title}\n${error.message.replace(/^/gm, '          ')}`);
      return false;
    }
  }
}
