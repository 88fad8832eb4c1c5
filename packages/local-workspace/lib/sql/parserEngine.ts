import { setFlagsFromString } from 'node:v8';
import { Dialect, init, parse } from '@polyglot-sql/sdk';
import { isNode, type Node } from './nodes';

/**
 * Loads the parser library, once per process. It is a large WebAssembly module that is called little: optimising it
 * would keep the processor, and the event loop with it, busy for seconds. Therefore V8 no longer optimises WebAssembly in
 * this process beyond its baseline compiler.
 */
export function loadParser(): Promise<void> {
  loading ??= load();
  return loading;
}

let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
  await init();
}

/** The statements of a text as trees, or what is wrong with it. */
export function parseOutcome(sql: string): unknown[] | string {
  const parsed = parse(sql, Dialect.Databricks);
  if (!parsed.success) return parsed.error ?? 'unknown error';
  return Array.isArray(parsed.ast) ? (parsed.ast as unknown[]) : [parsed.ast];
}

/** The tree of one statement; undefined when it is none. */
export function parseTree(sql: string): Node | undefined {
  const statements = parseOutcome(sql);
  const [first] = typeof statements === 'string' ? [] : statements;
  return isNode(first) ? first : undefined;
}
