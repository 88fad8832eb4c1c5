import { metrics, trace, type Meter, type Tracer } from '@opentelemetry/api';
import type { TraceStatementsOptions } from './options';
import { StatementMetrics } from './StatementMetrics';
import { StatementSpans } from './StatementSpans';
import { safely, type Stop } from './subscribe';
import { NAME, VERSION } from './version';

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

function startSpans(options: TraceStatementsOptions): Stop | undefined {
  const { tracer = registeredTracer() } = options;
  return tracer === false ? undefined : safely(() => new StatementSpans(tracer, options).start());
}

function startMetrics({ meter, returnedRows }: TraceStatementsOptions): Stop | undefined {
  const chosen: Meter | false | undefined = meter ?? safely(() => metrics.getMeter(NAME, VERSION));
  if (chosen === false || chosen === undefined) return undefined;
  return safely(() => new StatementMetrics(chosen, returnedRows === true).start());
}

function registeredTracer(): Tracer {
  return trace.getTracer(NAME, VERSION);
}
