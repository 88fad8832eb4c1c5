import { REASONS } from '../../lib/explain/reasons';
import { code, table } from './markdown';

/** Every sentence of `explainTelemetry()`, the most decisive first, with what can be done. */
export function reasonTable(): string {
  const rows = Object.entries(REASONS).map(([name, { sentence, advice, stops }]) => [
    code(name),
    sentence.replace(/\{(\w+)\}/g, '…'),
    stops ? 'nothing leaves' : '',
    advice,
  ]);
  return table(['reason', 'sentence', 'so', 'what to do'], rows);
}
