import fc from 'fast-check';
import type { FaultSpec } from 'databricks-local-workspace';

/** One thing that an application does. `on` picks one of the operations it has, in the order of their submission. */
export type Step =
  | { readonly kind: 'execute'; readonly sql: string; readonly options: object }
  | { readonly kind: 'list'; readonly method: ListMethod; readonly request: object }
  | { readonly kind: 'info' }
  | { readonly kind: 'call'; readonly on: number; readonly method: CallMethod; readonly maxRows: number }
  | { readonly kind: 'iterate'; readonly on: number; readonly style: IterationStyle; readonly stopAfter: number }
  | { readonly kind: 'fault'; readonly fault: FaultSpec }
  | { readonly kind: 'closeSession' };

export type ListMethod = 'getCatalogs' | 'getSchemas' | 'getTables' | 'getTableTypes' | 'getTypeInfo';
export type CallMethod =
  'fetchAll' | 'fetchChunk' | 'hasMoreRows' | 'finished' | 'getSchema' | 'status' | 'cancel' | 'close';
export type IterationStyle = 'rows' | 'chunks' | 'row stream' | 'chunk stream';

const QUERIES = [
  'SELECT 1 AS one',
  'SELECT id, id * 2 AS twice FROM range(300)',
  "SELECT id, concat('row number ', id) AS name, id % 7 = 0 AS seventh FROM range(4000)",
  'SELECT * FROM range(10) WHERE id < 0',
  'SELECT :a AS a',
  "CREATE OR REPLACE TABLE scratch AS SELECT 'a' AS a",
  'SELECT * FROM no_such_table',
  'SELEC 1',
];

const OPTIONS = [
  {},
  { maxRows: null },
  { maxRows: 100, useCloudFetch: false },
  { useCloudFetch: false, useLZ4Compression: false },
  { namedParameters: { a: 1 } },
  { namedParameters: { a: 1 }, ordinalParameters: [2] },
];

const RPCS = [
  'ExecuteStatement',
  'GetOperationStatus',
  'GetResultSetMetadata',
  'FetchResults',
  'CancelOperation',
  'CloseOperation',
  'CloseSession',
  'GetTables',
] as const;

const FAULTS = [
  { error: { message: 'refused', sqlState: '42000' } },
  { status: 503 },
  { status: 403 },
  { action: 'reset' },
] as const;

const on = fc.nat({ max: 3 });
const execute = fc.record({
  kind: fc.constant('execute' as const),
  sql: fc.constantFrom(...QUERIES),
  options: fc.constantFrom<object>(...OPTIONS),
});
const list = fc.record({
  kind: fc.constant('list' as const),
  method: fc.constantFrom<ListMethod>('getCatalogs', 'getSchemas', 'getTables', 'getTableTypes', 'getTypeInfo'),
  request: fc.constantFrom<object>({}, { maxRows: null }),
});
const call = fc.record({
  kind: fc.constant('call' as const),
  on,
  method: fc.constantFrom<CallMethod>(
    'fetchAll',
    'fetchAll',
    'fetchChunk',
    'fetchChunk',
    'hasMoreRows',
    'finished',
    'getSchema',
    'status',
    'cancel',
    'close',
  ),
  maxRows: fc.constantFrom(1, 150, 5000),
});
const iterate = fc.record({
  kind: fc.constant('iterate' as const),
  on,
  style: fc.constantFrom<IterationStyle>('rows', 'chunks', 'row stream', 'chunk stream'),
  stopAfter: fc.constantFrom(1, 2, Infinity),
});
const rpcFault = fc.record({ rpc: fc.constantFrom(...RPCS), times: fc.constant(1) });
const fault = fc.tuple(fc.constantFrom(...FAULTS), rpcFault).map(([what, where]): Step => {
  return { kind: 'fault', fault: { ...where, ...what } };
});
const downloadFault = fc.constantFrom(503, 403).map((status): Step => {
  return { kind: 'fault', fault: { route: 'cloudfetch', status, times: 1 } };
});

/** Programs of one application, in one session. */
export const programs: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: execute },
    { weight: 9, arbitrary: call },
    { weight: 4, arbitrary: iterate },
    { weight: 2, arbitrary: list },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'info' }) },
    { weight: 2, arbitrary: fault },
    { weight: 1, arbitrary: downloadFault },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'closeSession' }) },
  ),
  { minLength: 3, maxLength: 14 },
);
