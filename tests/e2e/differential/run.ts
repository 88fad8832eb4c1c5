import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DBSQLClient as PlainClient } from '@databricks/sql';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { Operation, Session } from '../support/application';
import type { CallMethod, IterationStyle, Step } from './programs';

/** Short delays between retries, and one download at a time: which of several comes first is up to the network. */
const CONFIG = { retryDelayMin: 1, retryDelayMax: 2, retryMaxAttempts: 3, cloudFetchConcurrentDownloads: 1 };

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** What a reset connection is called depends on how far the answer had come. */
const LOST = /socket hang up|read ECONNRESET|write EPIPE|Premature close|aborted/g;

/** Runs `steps` in a session of a connected client and says, step by step, what the application sees. Ends the session. */
export async function run(
  steps: readonly Step[],
  client: Pick<PlainClient, 'getConfig' | 'openSession'>,
  workspace: LocalWorkspace,
): Promise<string[]> {
  Object.assign(client.getConfig(), CONFIG);
  const session = await client.openSession();
  const operations: Operation[] = [];
  const seen: string[] = [];
  try {
    for (const step of steps)
      seen.push(`${step.kind}: ${await seenOf(() => take(step, session, operations, workspace))}`);
  } finally {
    workspace.faults.clear();
    seen.push(`end: ${await seenOf(async () => (await session.close()).isSuccess)}`);
  }
  return seen;
}

async function seenOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return digest(await work());
  } catch (thrown) {
    return `throws ${describeThrown(thrown)}`;
  }
}

async function take(
  step: Step,
  session: Session,
  operations: Operation[],
  workspace: LocalWorkspace,
): Promise<unknown> {
  const keep = (operation: Operation): string => {
    operations.push(operation);
    return operation.constructor.name;
  };
  switch (step.kind) {
    case 'execute':
      return keep(await session.executeStatement(step.sql, step.options));
    case 'list':
      return keep(await session[step.method](step.request));
    case 'info':
      return (await session.getInfo(18)).getValue();
    case 'call': {
      const operation = operations[step.on];
      return operation === undefined ? 'none' : call(operation, step.method, step.maxRows);
    }
    case 'iterate': {
      const operation = operations[step.on];
      return operation === undefined ? 'none' : iterate(operation, step.style, step.stopAfter);
    }
    case 'fault':
      return void workspace.faults.add(step.fault);
    case 'closeSession':
      return (await session.close()).isSuccess;
  }
}

async function call(operation: Operation, method: CallMethod, maxRows: number): Promise<unknown> {
  switch (method) {
    case 'fetchAll':
    case 'fetchChunk':
      return operation[method]({ maxRows });
    case 'cancel':
    case 'close':
      return (await operation[method]()).isSuccess;
    case 'status':
      return (await operation.status()).operationState;
    default:
      return operation[method]();
  }
}

async function iterate(operation: Operation, style: IterationStyle, stopAfter: number): Promise<unknown> {
  const items: unknown[] = [];
  const iterable = iterableOf(operation, style);
  try {
    for await (const item of iterable) {
      items.push(item);
      if (items.length >= stopAfter) break;
    }
    return items;
  } finally {
    // A stream closes its operation after the loop has ended: what comes next must not race with that.
    await closed(iterable);
  }
}

async function closed(iterable: AsyncIterable<unknown>): Promise<void> {
  if (!(iterable instanceof Readable) || iterable.closed) return;
  // Not `once` of node:events: a stream that is left early also tells of that as an error.
  await new Promise((resolve) => iterable.once('close', resolve));
}

function iterableOf(operation: Operation, style: IterationStyle): AsyncIterable<unknown> {
  const iteratorOptions = { maxRows: 1000, autoClose: true };
  switch (style) {
    case 'rows':
      return operation.iterateRows(iteratorOptions);
    case 'chunks':
      return operation.iterateChunks(iteratorOptions);
    case 'row stream':
      return operation.toNodeStream({ mode: 'rows', iteratorOptions });
    case 'chunk stream':
      return operation.toNodeStream({ mode: 'chunks', iteratorOptions });
  }
}

/** A value as text; long ones by length and hash. */
function digest(value: unknown): string {
  const text =
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'nothing';
  if (text.length < 200) return text;
  const size = Array.isArray(value) ? `${value.length} items` : `${text.length} characters`;
  return `${size}, ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function describeThrown(thrown: unknown): string {
  const { constructor, name, message, code, errorCode } = thrown as Record<string, unknown> & object;
  const text = String(message).replace(GUID, '<id>').replace(LOST, 'connection lost');
  return [constructor.name, name, code, errorCode, text]
    .map(String)
    .join(' | ')
    .replace(/ECONNRESET|EPIPE/g, 'lost');
}
