import {
  context,
  createContextKey,
  INVALID_TRACEID,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { CallMessage, CloudFetchMessage, StatementMessage } from '../model/messages';
import { endAttributes, failureAttributes, knownOnly, spanNameOf, startAttributes } from './attributes';
import { ATTRIBUTES as A } from './names';
import type { StatementTracingOptions } from './options';
import { listen, runWithin, safely, type Stop } from './subscribe';

const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Spans of this process's statements. */
export class StatementSpans {
  /** A span that has ended stays the parent of what the driver still does for its statement. */
  private readonly spans = new WeakMap<CallMessage, Span>();
  private hasSpans = false;
  private readonly stops: Stop[] = [];

  constructor(
    private readonly tracer: Tracer,
    private readonly options: StatementTracingOptions,
  ) {}

  /** Makes spans until the returned function is called. */
  start(): Stop {
    const { stops } = this;
    stops.push(runWithin('statement', 'start', this.started));
    if (this.options.suppressInternalInstrumentation === true) {
      for (const name of ['connect', 'session'] as const) {
        stops.push(runWithin(name, 'start', () => this.contextOf(undefined)));
      }
      stops.push(runWithin('call', undefined, this.continued));
    }
    return () => stops.splice(0).forEach((stop) => stop());
  }

  /** There is a first span: what comes after a statement's start matters from now on. */
  private follow(): void {
    const { stops, options } = this;
    this.hasSpans = true;
    stops.push(listen('statement', 'asyncEnd', this.ended));
    if (options.fileSpans === true) stops.push(listen('cloudfetch', 'asyncEnd', this.fileEnded));
    if (options.suppressInternalInstrumentation !== true) stops.push(runWithin('call', undefined, this.continued));
  }

  /** The context in which the driver submits the statement. */
  private readonly started = (message: StatementMessage): Context | undefined => {
    const { options, tracer } = this;
    const parent = context.active();
    if (options.requireParentSpan === true && trace.getSpan(parent) === undefined)
      return this.contextOf(undefined, parent);
    const attributes = startAttributes(message, options.statementText === true);
    const start = { kind: SpanKind.CLIENT, startTime: message.startTimeMs, attributes };
    const span = tracer.startSpan(spanNameOf(message), start, parent);
    const { traceId } = span.spanContext();
    // Nobody makes spans.
    if (traceId === INVALID_TRACEID) return this.contextOf(undefined, parent);
    this.spans.set(message, span);
    if (!this.hasSpans) this.follow();
    message.traceId = traceId;
    if (options.queryTags === true) message.queryTags = { ...message.queryTags, trace_id: traceId };
    return this.contextOf(span, parent);
  };

  /** The context of a call that may send requests for a statement, or for none. */
  private readonly continued = (message: CallMessage): Context | undefined => this.contextOf(this.spans.get(message));

  /** The application's own context, with `span` as the one to which the driver's requests belong; undefined where it stays as it is. */
  private contextOf(span: Span | undefined, active?: Context): Context | undefined {
    const isSuppressed = this.options.suppressInternalInstrumentation === true;
    if (span === undefined && !isSuppressed) return undefined;
    const own = active ?? context.active();
    const within = span === undefined ? own : trace.setSpan(own, span);
    return isSuppressed ? within.setValue(SUPPRESS_TRACING, true) : within;
  }

  private readonly ended = (message: StatementMessage): void => {
    const span = this.spans.get(message);
    if (span === undefined) return;
    const endTime = message.startTimeMs + (message.durationMs ?? 0);
    try {
      if (span.isRecording()) this.describe(span, message);
    } finally {
      span.end(endTime);
    }
  };

  private describe(span: Span, message: StatementMessage): void {
    const { options, tracer } = this;
    const { error, startTimeMs, phases, summary } = message;
    span.setAttributes(endAttributes(message, options.returnedRows === true));
    if (error !== undefined) {
      const text = options.errorMessages === true ? error.message : undefined;
      span.setStatus({ code: SpanStatusCode.ERROR, ...(text === undefined ? {} : { message: text }) });
    }
    const within = trace.setSpan(ROOT_CONTEXT, span);
    for (const { name, offsetMs, durationMs } of phases) {
      const startTime = startTimeMs + offsetMs;
      const attributes = name === 'wait' ? knownOnly({ [A.pollCount]: summary?.pollCount }) : {};
      tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime, attributes }, within).end(startTime + durationMs);
    }
    const { statementHook } = options;
    if (statementHook !== undefined) safely(() => statementHook(span, message));
  }

  private readonly fileEnded = (message: CloudFetchMessage): void => {
    const span = message.statement === undefined ? undefined : this.spans.get(message.statement);
    if (span === undefined || !span.isRecording()) return;
    const { startTimeMs, durationMs, error, fileIndex, bytes, attempts } = message;
    const attributes = knownOnly({
      [A.fileIndex]: fileIndex,
      [A.fileBytes]: bytes,
      [A.fileAttempts]: attempts,
      ...failureAttributes(error),
    });
    const within = trace.setSpan(ROOT_CONTEXT, span);
    const file = this.tracer.startSpan(
      'download',
      { kind: SpanKind.INTERNAL, startTime: startTimeMs, attributes },
      within,
    );
    if (error !== undefined) file.setStatus({ code: SpanStatusCode.ERROR });
    file.end(startTimeMs + (durationMs ?? 0));
  };
}
