import { MAX_TIMER_MS, OptionError } from '../options';

/** The warehouse that is asked for its query history. */
export interface HistoryOptions {
  readonly host: string;
  /** 443 when not given. */
  readonly port?: number;
  /** HTTP path of the warehouse. */
  readonly path: string;
  readonly token: string;
  /** Authorities (PEM) to trust beside the usual ones. */
  readonly ca?: string;
  /** `system.query.history`, or a view of it that the token may read. */
  readonly table?: string;
  /** Between two questions (default 15). */
  readonly intervalMinutes?: number;
}

const DEFAULT_INTERVAL_MINUTES = 15;
const TABLE = /^[\w-]+(?:\.[\w-]+){0,2}$/;

/** Checks `options`; the time between two questions in milliseconds. Throws an OptionError: a wrong value never counts as "not given". */
export function historyIntervalMs(options: HistoryOptions): number {
  const { host, port = 443, path, token, table, intervalMinutes = DEFAULT_INTERVAL_MINUTES } = options;
  for (const [name, value] of Object.entries({ host, path, token })) {
    if (typeof value !== 'string' || value === '') throw new OptionError(`history needs its ${name}.`);
  }
  if (!/^[\w.-]+$/.test(host))
    throw new OptionError('The host of history must be a name such as example.cloud.databricks.com.');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new OptionError('The port of history must be a port number.');
  if (table !== undefined && !TABLE.test(table))
    throw new OptionError('The table of history must be a name such as system.query.history.');
  const intervalMs = intervalMinutes * 60_000;
  if (!(intervalMs >= 600) || !(intervalMs <= MAX_TIMER_MS)) {
    throw new OptionError(
      `intervalMinutes of history must be a number from 0.01 to ${Math.floor(MAX_TIMER_MS / 60_000)}.`,
    );
  }
  return intervalMs;
}
