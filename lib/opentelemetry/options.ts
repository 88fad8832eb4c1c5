import type { Meter, Span, Tracer } from '@opentelemetry/api';
import type { StatementMessage } from '../model/messages';

/** How statements show as spans and metrics. */
export interface StatementTracingOptions {
  /** Make a span only within another span of the application's. Metrics count every statement. Default: false. */
  readonly requireParentSpan?: boolean | undefined;
  /**
   * Keep the driver's own HTTP requests out of the trace, whatever instrumentation of HTTP is active. Default: false, and
   * they show as children of the statement's span.
   */
  readonly suppressInternalInstrumentation?: boolean | undefined;
  /** Called before a statement's span ends, with all that is known. What it throws or rejects with is swallowed; nobody waits for it. */
  readonly statementHook?: ((span: Span, statement: StatementMessage) => void) | undefined;
  /**
   * Put the statement's text into `db.query.text`. Only of clients that were created with `telemetryStatementText: true`.
   * Default: false.
   */
  readonly statementText?: boolean | undefined;
  /** Put the error's text into the span's status; of the same clients. Default: false. */
  readonly errorMessages?: boolean | undefined;
  /** `db.response.returned_rows` on spans, and the metric `db.client.response.returned_rows`. Default: false. */
  readonly returnedRows?: boolean | undefined;
  /** A span for each CloudFetch file. Default: false. */
  readonly fileSpans?: boolean | undefined;
  /**
   * Send the trace's id to the warehouse as the query tag `trace_id`, for its query history (driver 1.14 and newer).
   * Default: false.
   */
  readonly queryTags?: boolean | undefined;
}

/** With what spans and metrics are made. */
export interface TraceStatementsOptions extends StatementTracingOptions {
  /** Default: that of the registered tracer provider. `false`: no spans. */
  readonly tracer?: Tracer | false | undefined;
  /** Default: that of the meter provider that is registered when a session is opened. `false`: no metrics. */
  readonly meter?: Meter | false | undefined;
}
