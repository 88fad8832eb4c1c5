import { atMost } from '../atMost';
import type { Configuration, SharedRules } from './Configuration';
import type { ConfigurationFile } from './ConfigurationFile';
import { rulesAfter, type Rule, type AuditEntry } from './rules';

/** A switch that another collector was told is in force here after this time: senders ask every 54 seconds. */
const FRESH_MS = 5_000;
/** A sender does not wait longer for a store that is slow or away. */
const WAIT_MS = 2_000;

/**
 * Rules that all collectors of a store obey. Its own file keeps what the store said last, for as long as that cannot be
 * asked; rules that were set before they were shared join the others once.
 */
export class SharedConfiguration implements Configuration {
  private askedMs = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly file: ConfigurationFile,
    private readonly store: SharedRules,
  ) {}

  get rules(): readonly Rule[] {
    return this.file.rules;
  }

  get audit(): readonly AuditEntry[] {
    return this.file.audit;
  }

  async refresh(): Promise<void> {
    if (performance.now() - this.askedMs < FRESH_MS) return;
    this.reading ??= this.read().finally(() => {
      this.askedMs = performance.now();
      this.reading = undefined;
    });
    await atMost(
      WAIT_MS,
      this.reading.catch(() => undefined),
    );
  }

  /** Rejects with the failure of the store: a switch that the others do not learn of is none. */
  async change(change: AuditEntry): Promise<void> {
    await this.read();
    // The newest change decides, also where clocks differ.
    const atMs = Math.max(change.atMs, (this.audit[0]?.atMs ?? 0) + 1);
    await this.store.addRuleChanges([{ ...change, atMs }]);
    await this.read();
  }

  private async read(): Promise<void> {
    const { file, store } = this;
    if (!file.isShared) await store.addRuleChanges(file.changes);
    const changes = await store.ruleChanges();
    file.replace(rulesAfter(changes), changes.reverse());
  }
}
