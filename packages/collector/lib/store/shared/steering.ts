import type { AuditEntry, RuleTarget, Setting } from '../../steering/rules';
import { numberOf, textOrNull, type AnswerRow } from '../queries/Query';
import type { Row } from '../Row';

/** A change as a row of the shared table. The same change is the same row, whoever writes it. */
export function rowOfChange({ scope, name, set, by, atMs }: AuditEntry): Row {
  return { id: JSON.stringify([atMs, scope, name]), scope, name, setting: JSON.stringify(set), author: by, atMs };
}

export function changeOf(row: AnswerRow): AuditEntry {
  return {
    scope: textOrNull(row['scope']) as RuleTarget['scope'],
    name: textOrNull(row['name']),
    set: JSON.parse(textOrNull(row['setting']) ?? 'null') as Setting | null,
    by: textOrNull(row['author']) ?? '',
    atMs: numberOf(row['atMs']),
  };
}
