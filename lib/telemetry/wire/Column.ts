import type { ValueRule } from '../../model/fields/fieldRow';
import type { TelemetryRecord } from '../../model/records';

/** One field of a log: where its value stands, what it must be, and where it goes. */
export interface Column {
  readonly path: readonly string[];
  readonly rule: ValueRule;
  /** Whether the value is the same for all records of a connection. */
  readonly isOfConnection: boolean;
  /** Name of the inner object that has the value; undefined for the record or connection itself. */
  readonly holder: string | undefined;
  readonly name: string;
  /** In the place of names, for what is made of several fields. */
  readonly derive: ((record: TelemetryRecord) => unknown) | undefined;
}
