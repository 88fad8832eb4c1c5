/** What of OpenTelemetry's API is needed here; all of its copies in a process share one context manager. */
interface OpenTelemetryGlobal {
  readonly context?: ContextManager | undefined;
}

interface ContextManager {
  active(): Context;
  with<T>(context: Context, work: () => T): T;
}

interface Context {
  setValue(key: symbol, value: unknown): Context;
}

/** Where version 1 of the API keeps what was registered with it. */
const API = Symbol.for('opentelemetry.js.api.1');
/** By this key OpenTelemetry's SDK knows requests that are not to be traced. */
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Runs `work` so that no instrumentation makes spans of its requests. Where OpenTelemetry is not in use, it just runs. The
 * API is found by its global name: it need not be installed where this library can see it, nor does a bundler miss it.
 */
export function untraced<T>(work: () => T): T {
  let manager: ContextManager | undefined;
  let context: Context | undefined;
  try {
    manager = (globalThis as { readonly [API]?: OpenTelemetryGlobal })[API]?.context;
    context = manager?.active().setValue(SUPPRESS_TRACING, true);
  } catch {
    // A context manager of another kind: telemetry goes out all the same.
  }
  return manager === undefined || context === undefined ? work() : manager.with(context, work);
}
