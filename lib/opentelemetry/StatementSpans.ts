import { AsyncLocalStorage } from 'node:async_hooks';
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
import { endAttributes, failureAttributes, known, spanNameOf, startAttributes } from './attributes';
import { ATTRIBUTES as A } from './names';
import type { StatementTracingOptions } from './options';
import { bind, listen, safely, type Stop } from './subscribe';

const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Runs a channel's calls in a context of OpenTelemetry's, which has a store of its own. */
class ContextStore extends AsyncLocalStorage<Context | undefined> {
  /** Without a context the call stays in its own. */
  override run<R, Args extends unknown[]>(
    store: Context | undefined,
    callback: (...args: Args) => R,
    ...args: Args
  ): R {
    return store === undefined ? callback(...args) : context.with(store, callback, undefined, ...args);
  }
}

/** Spans of this process's statements. */
export class StatementSpans {
  private readonly store = new ContextStore();
  /** A span that has ended stays the parent of what the driver still does for its statement. */
  private readonly spans = new WeakMap<CallMessage, Span>();

  constructor(
    private readonly tracer: Tracer,
    private readonly options: StatementTracingOptions,
  ) {}

  /** Makes spans until the returned function is called. */
  start(): Stop {
    const { store, options } = this;
    const stops = [
      bind('statement', 'start', store, this.started),
      listen('statement', 'asyncEnd', this.ended),
      bind('call', undefined, store, this.continued),
    ];
    if (options.fileSpans === true) {
      stops.push(listen('cloudfetch', 'asyncEnd', this.fileEnded));
    }
    if (options.suppressInternalInstrumentation === true) {
      for (const name of ['connect', 'session'] as const) {
        stops.push(bind(name, 'start', store, () => this.continued(undefined)));
      }
    }
    return () => stops.forEach((stop) => stop());
  }

  /** The context in which the driver submits the statement. */
  private readonly started = (message: StatementMessage): Context | undefined => {
    const parent = context.active();
    const span = this.open(message, parent);
    const traceId = span?.spanContext().traceId;
    if (traceId !== undefined && traceId !== INVALID_TRACEID) {
      message.traceId = traceId;
      if (this.options.queryTags === true) message.queryTags = { ...message.queryTags, trace_id: traceId };
    }
    return this.contextOf(span, traceId, parent);
  };

  /** The context of a call that may send requests for a statement, or for none. */
  private readonly continued = (message: CallMessage | undefined): Context | undefined => {
    const span = message === undefined ? undefined : this.spans.get(message);
    return this.contextOf(span, span?.spanContext().traceId, context.active());
  };

  private open(message: StatementMessage, parent: Context): Span | undefined {
    const { options, tracer } = this;
    if (options.requireParentSpan === true && trace.getSpan(parent) === undefined) return undefined;
    const span = tracer.startSpan(
      spanNameOf(message),
      {
        kind: SpanKind.CLIENT,
        startTime: message.startTimeMs,
        attributes: startAttributes(message, options.statementText === true),
      },
      parent,
    );
    this.spans.set(message, span);
    return span;
  }

  /** The application's own context, with `span`, where it is of a trace, as the one to which the driver's requests belong. */
  private contextOf(span: Span | undefined, traceId: string | undefined, active: Context): Context | undefined {
    const within = span === undefined || traceId === INVALID_TRACEID ? undefined : trace.setSpan(active, span);
    if (this.options.suppressInternalInstrumentation !== true) return within;
    return (within ?? active).setValue(SUPPRESS_TRACING, true);
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
      const attributes = name === 'wait' ? known({ [A.pollCount]: summary?.pollCount }) : {};
      tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime, attributes }, within).end(startTime + durationMs);
    }
    const { statementHook } = options;
    if (statementHook !== undefined) safely(() => statementHook(span, message));
  }

  private readonly fileEnded = (message: CloudFetchMessage): void => {
    const span = message.statement === undefined ? undefined : this.spans.get(message.statement);
    if (span === undefined || !span.isRecording()) return;
    const { startTimeMs, durationMs, error, fileIndex, bytes, attempts } = message;
    const attributes = known({
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
