import { setFlagsFromString } from 'node:v8';
import { init } from '@polyglot-sql/sdk';

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
