import type { LogLine } from '../options';
import { sentenceOf } from './failure';

/** Logs are JSON lines on stderr. */
export function log(line: LogLine): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), ...line }));
}

/** Ends the process after `close`, at SIGTERM or SIGINT. */
export function untilStopped(close: () => Promise<void>): void {
  const stop = (): void => {
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(sentenceOf(error));
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
