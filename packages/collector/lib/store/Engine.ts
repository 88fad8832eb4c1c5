import type { JournalEntry } from '../journal/entry';
import type { JournalPosition } from '../journal/format';
import type { SharedRules } from '../steering/Configuration';
import type { Row } from './Row';
import type { Store } from './Store';

/** What a load brought. */
export interface Loaded {
  readonly accepted: number;
  readonly duplicate: number;
  /** The statements of this load, with the names of their connection. Computed when asked for. */
  readonly statements: () => readonly Row[];
}

/** A store that is fed from the journal. It and what drives it live in the thread of the store. */
export interface Engine extends Store, Partial<SharedRules> {
  /** Up to where the journal is in the store. */
  position(): Promise<JournalPosition>;
  /**
   * Takes in `entries`, which end at `to`; rejects when they are not in. A load that is tried again, also after the
   * process was killed in it, counts once.
   */
  load(entries: readonly JournalEntry[], to: JournalPosition): Promise<Loaded>;
  /** Rejects as a load of `entries` would. What it leaves behind is nothing, or the same as if they were loaded next. */
  tries(entries: readonly JournalEntry[]): Promise<void>;
  /** Drops what it has open and cached, and opens it again: for loads that keep failing. */
  renew(): Promise<void>;
}
