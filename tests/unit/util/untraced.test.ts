import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { expect } from 'chai';
import { untraced } from '../../../lib/util/untraced';

const API = Symbol.for('opentelemetry.js.api.1');
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const isSuppressed = (): unknown => context.active().getValue(SUPPRESS_TRACING);

describe('untraced', () => {
  afterEach(() => context.disable());

  it('runs work in the context that the SDK does not trace, with all else of it as it was', () => {
    const key = createContextKey('of the application');
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const seen = context.with(ROOT_CONTEXT.setValue(key, 'kept'), () =>
      untraced(() => [isSuppressed(), context.active().getValue(key)]),
    );
    expect(seen).to.deep.equal([true, 'kept']);
    expect(isSuppressed()).to.equal(undefined);
  });

  it('just runs it where OpenTelemetry is not in use, or is something else', () => {
    const global = globalThis as { [API]?: unknown };
    const before = global[API];
    const broken = { active: () => ({ setValue: () => expect.fail('broken') }) };
    try {
      for (const api of [undefined, {}, { context: undefined }, { context: broken }]) {
        global[API] = api;
        expect(untraced(() => 'result')).to.equal('result');
      }
    } finally {
      global[API] = before;
    }
  });
});
