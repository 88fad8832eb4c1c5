import type { LogLine } from '../options';
import { sentenceOf } from './failure';

/** Logs are JSON lines on stderr. */
export function log(line: LogLine): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), ...line }));
}

/** Who starts a process passes on the signal that a terminal sends to both: what comes so soon is the same one. */
const SAME_SIGNAL_MS = 2_000;

/** Ends the process after `close`, at SIGTERM or SIGINT; at once when another one follows. */
export function untilStopped(close: () => Promise<void>): void {
  let askedMs: number | undefined;
  const stop = (): void => {
    if (askedMs !== undefined) {
      // Exiting would tear threads from the database in the middle of their work; what is acknowledged is on the disk.
      if (performance.now() - askedMs > SAME_SIGNAL_MS) process.kill(process.pid, 'SIGKILL');
      return;
    }
    askedMs = performance.now();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(sentenceOf(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
