import type { Rule, AuditEntry } from './rules';

/** The rules for senders, and the list of their changes. */
export interface Configuration {
  readonly rules: readonly Rule[];
  /** Newest first. */
  readonly audit: readonly AuditEntry[];
  /** Learns what others have changed, where rules are shared. Never rejects: what is known stays in force. */
  refresh(): Promise<void>;
  /** Durable and in force when it resolves. */
  change(change: AuditEntry): Promise<void>;
}

/** Changes of rules in a store that several collectors share. */
export interface SharedRules {
  /** All of them, oldest first. */
  ruleChanges(): Promise<AuditEntry[]>;
  /** Adds what is not there yet: a change is known by its target and its time. */
  addRuleChanges(changes: readonly AuditEntry[]): Promise<void>;
}
