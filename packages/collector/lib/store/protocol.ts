import type { JournalPosition } from '../journal/format';
import type { AuditEntry } from '../steering/rules';
import type { EngineSettings } from './engines';
import type { Row } from './Row';
import type { Selection } from './Selection';
import type { ExportFormat, HistoryRow, Removal } from './Store';
import type { StoreFailureCode } from './StoreFailure';

/** What the thread of the store is started with. */
export interface StoreThreadData {
  readonly engine: EngineSettings;
  readonly journalFolder: string;
  /** What takes longer is not answered. */
  readonly questionTimeoutMs: number;
}

/** What the thread of the store is asked. */
export type StoreRequest =
  | { readonly op: 'query'; readonly name: string; readonly parameters: unknown }
  | {
      readonly op: 'expire';
      readonly beforeMs: number;
      readonly maxBytes: number | undefined;
      readonly dryRun: boolean;
    }
  | { readonly op: 'archive'; readonly nowMs: number }
  | { readonly op: 'remove'; readonly removal: Removal }
  | { readonly op: 'history'; readonly rows: readonly HistoryRow[] }
  | { readonly op: 'export'; readonly selection: Selection; readonly format: ExportFormat }
  | { readonly op: 'backup' }
  | { readonly op: 'size' }
  | { readonly op: 'ruleChanges' }
  | { readonly op: 'addRuleChanges'; readonly changes: readonly AuditEntry[] }
  /** Loads what is committed, then closes the database. */
  | { readonly op: 'close' };

export type ToStore =
  | { readonly kind: 'request'; readonly id: number; readonly request: StoreRequest }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'committed'; readonly position: JournalPosition }
  /** Whether loaded statements are wanted. */
  | { readonly kind: 'watch'; readonly on: boolean };

export type FromStore =
  | { readonly kind: 'ready'; readonly position: JournalPosition }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly message: string;
      /** When waiting helps. */
      readonly code: StoreFailureCode | undefined;
    }
  | { readonly kind: 'loaded'; readonly report: LoadReport }
  | { readonly kind: 'stuck'; readonly message: string }
  | { readonly kind: 'aside'; readonly aside: PutAside };

/** Rows that the store refuses, and the file that they are in now. */
export interface PutAside {
  readonly rows: number;
  readonly file: string;
  readonly reason: string;
}

/** What a load brought; `statements` only while they are watched. */
export interface LoadReport {
  readonly position: JournalPosition;
  readonly accepted: number;
  readonly duplicate: number;
  /** Entries whose checksum was wrong, since the start. */
  readonly damaged: number;
  /** From arrival to visible, of the oldest entry of the load, in milliseconds. */
  readonly lagMs: number;
  readonly statements: readonly Row[];
}
