import { HISTORY_TYPES } from '../history/readHistory';
import { LIVE_PARAMETERS, SELECTION_PARAMETERS } from './parameters';
import type { SchemaName } from './schemas';

/** What the API offers, as it is described. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly role: 'read' | 'admin' | 'send' | 'open';
  readonly parameters: readonly string[];
  /** The JSON that it answers with; `media` where it is something else. */
  readonly answer?: SchemaName;
  readonly refusal?: SchemaName;
  readonly media?: readonly string[];
  /** Content types of the body. */
  readonly body?: readonly string[];
}

const JSON_BODY = ['application/json'];

/** What is no plain question: files, streams, and what changes something. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/export',
    summary: 'The statements of the window as a file: `format=csv`, `jsonl` or `parquet`; other formats filter.',
    role: 'read',
    parameters: SELECTION_PARAMETERS,
    media: ['text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet'],
  },
  {
    method: 'get',
    path: '/live',
    summary:
      'Server-sent events: `statements` as they become visible, `health` every two seconds. With `from`, first the ' +
      'newest 50 that started since.',
    role: 'read',
    parameters: LIVE_PARAMETERS,
    media: ['text/event-stream'],
  },
  {
    method: 'get',
    path: '/configuration',
    summary: 'Rules in force, who set them and when, and what each sender does.',
    role: 'read',
    parameters: [],
    answer: 'Configuration',
  },
  {
    method: 'put',
    path: '/configuration',
    summary: 'Sets a rule for everything, a host or a service. It can only reduce what the application allowed.',
    role: 'admin',
    parameters: [],
    answer: 'Configuration',
    body: JSON_BODY,
  },
  {
    method: 'delete',
    path: '/configuration',
    summary: 'Takes a rule back.',
    role: 'admin',
    parameters: ['scope', 'name', 'author'],
    answer: 'Configuration',
  },
  {
    method: 'post',
    path: '/query-history',
    summary:
      'Rows of `system.query.history`, as JSON lines, a JSON array, CSV or Parquet. Only the allowed columns are kept.',
    role: 'admin',
    parameters: [],
    answer: 'HistoryAccepted',
    body: HISTORY_TYPES,
  },
  {
    method: 'delete',
    path: '/statements',
    summary: 'Deletes all that came from one host, session or application: exactly one of them, given once.',
    role: 'admin',
    parameters: ['host', 'session', 'application'],
    answer: 'Removed',
  },
  {
    method: 'post',
    path: '/expire',
    summary: 'Deletes what is older than the retention; with `dryRun` only says what would be deleted.',
    role: 'admin',
    parameters: ['dryRun'],
    answer: 'Expired',
    body: JSON_BODY,
  },
  {
    method: 'post',
    path: '/backup',
    summary: 'Makes a consistent copy in a folder of the data folder.',
    role: 'admin',
    parameters: [],
    answer: 'Backup',
    body: JSON_BODY,
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document.',
    role: 'open',
    parameters: [],
    media: ['application/json'],
  },
];
