import { isNode } from '../../nodes';
import { parseTree } from '../../parserEngine';
import type { SqlType } from '../../../engine/types';
import { SqlError } from '../../SqlError';
import { typeFromNode } from '../typeNodes';

/** The type that a text such as `array<int>` names. */
export function typeFromText(text: string): SqlType {
  const tree = /^[\w\s<>(),:]+$/.test(text) ? parseTree(`SELECT CAST(NULL AS ${text})`) : undefined;
  const select = isNode(tree) ? tree['select'] : undefined;
  const [item] = isNode(select) && Array.isArray(select['expressions']) ? (select['expressions'] as unknown[]) : [];
  const cast = isNode(item) ? item['cast'] : undefined;
  if (isNode(cast)) return typeFromNode(cast['to']);
  throw new SqlError('PARSE_SYNTAX_ERROR', '42601', `Syntax error at or near '${text}'.`);
}
