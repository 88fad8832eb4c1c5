import { createNoopMeter, diag, metrics, trace, type Meter, type MeterProvider, type Tracer } from '@opentelemetry/api';
import type { TraceStatementsOptions } from './options';
import { StatementInstruments } from './StatementInstruments';
import { StatementSpans } from './StatementSpans';
import { listen, safely, type Stop } from './subscribe';
import { SCOPE_NAME, SCOPE_VERSION } from './version';

/**
 * Makes spans and metrics of the statements of every connection that opens from now on. Returns what ends it; statements
 * on their way then have no span. Nothing of it throws into the application, whatever a tracer or a meter does.
 */
export function traceStatements(options: TraceStatementsOptions = {}): Stop {
  const stops = [startSpans(options), startMetrics(options)];
  return () => {
    for (const stop of stops.splice(0)) if (stop !== undefined) safely(stop);
  };
}

/** How many make spans at present. */
let tracers = 0;

function startSpans(options: TraceStatementsOptions): Stop | undefined {
  const { tracer = registeredTracer() } = options;
  if (tracer === false) return undefined;
  if (tracers > 0)
    safely(() => diag.warn(`${SCOPE_NAME}: each statement has ${tracers + 1} spans, of as many instrumentations`));
  return safely(() => {
    const stop = new StatementSpans(tracer, options).start();
    tracers += 1;
    return () => {
      tracers -= 1;
      stop();
    };
  });
}

function startMetrics({ meter, returnedRows }: TraceStatementsOptions): Stop | undefined {
  if (meter === false) return undefined;
  const start = (chosen: Meter): Stop | undefined =>
    // Nobody collects metrics, so nobody need take them.
    chosen === createNoopMeter()
      ? undefined
      : safely(() => new StatementInstruments(chosen, returnedRows === true).start());
  return meter === undefined ? followMeterProvider(start) : start(meter);
}

/** Metrics of whatever meter provider is registered: a tracer finds out by itself that one was registered later, a meter does not. */
function followMeterProvider(start: (meter: Meter) => Stop | undefined): Stop {
  let provider: MeterProvider | undefined;
  let stop: Stop | undefined;
  const follow = (): void => {
    const registered = metrics.getMeterProvider();
    if (registered === provider) return;
    provider = registered;
    stop?.();
    stop = start(registered.getMeter(SCOPE_NAME, SCOPE_VERSION));
  };
  safely(follow);
  const stopFollowing = listen('session', 'start', follow);
  return () => {
    stopFollowing();
    stop?.();
  };
}

function registeredTracer(): Tracer {
  return trace.getTracer(SCOPE_NAME, SCOPE_VERSION);
}
