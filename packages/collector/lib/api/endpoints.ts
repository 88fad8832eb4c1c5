import { HttpError } from '../http/reply';
import { COMPARE_BY } from '../store/queries/compare';
import type { Selection } from '../store/Selection';
import { decodeCursor, encodeCursor } from './cursor';
import type { Endpoint } from './Endpoint';
import { storeRefusal } from './storeRefusal';
import { SELECTION_PARAMETERS, type Parameters } from './parameters';

const WINDOW = SELECTION_PARAMETERS;

const askStatements: Endpoint['ask'] = async ({ store }, parameters) => {
  const { statements, next } = await store.query('statements', {
    selection: parameters.selection(),
    order: parameters.choice('order', ['time', 'slowest']) ?? 'time',
    limit: parameters.integer('limit') ?? 100,
    cursor: decodeCursor(parameters.text('cursor')),
    retried: parameters.flag('retried'),
  });
  return { statements, next: next === null ? null : encodeCursor(next) };
};

const askStatement: Endpoint['ask'] = async ({ store }, _parameters, path) => {
  const detail = await store.query('statement', { statementId: path['statementId'] ?? '' });
  if (detail === null) throw new HttpError(404, 'unknown_statement', 'No statement of this id is stored.');
  return detail;
};

const askExplain: Endpoint['ask'] = ({ store }, parameters) => {
  const selection = parameters.selection();
  const [fromMs = selection.fromMs, toMs = selection.toMs] = parameters.range('selectedFrom', 'selectedTo');
  const [minMs = selection.minMs, maxMs = selection.maxMs] = parameters.range('selectedMinMs', 'selectedMaxMs');
  return store.query('explain', { selection, box: { fromMs, toMs, minMs, maxMs }, baseline: baselineOf(parameters) });
};

/** Both ends, or none. */
function baselineOf(parameters: Parameters): { fromMs: number; toMs: number } | undefined {
  const [fromMs, toMs] = [parameters.integer('baselineFrom'), parameters.integer('baselineTo')];
  if (fromMs === undefined && toMs === undefined) return undefined;
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) {
    throw new HttpError(400, 'invalid_parameter', 'baselineFrom must be before baselineTo, and neither stands alone.');
  }
  return { fromMs, toMs };
}

/** A store that does not answer is refused as ever, with what the collector knows by itself. */
const askHealth: Endpoint['ask'] = async (context, parameters) => {
  const selection = parameters.selection();
  const live = await context.liveHealth();
  const stored = await context.store.query('health', { selection }).catch((error: unknown) => {
    const refusal = storeRefusal(error);
    if (refusal === undefined) throw error;
    const { status, code, message, headers } = refusal;
    throw new HttpError(status, code, message, headers, live);
  });
  return { ...stored, ...live };
};

/** The questions that are answered with JSON by asking the store. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    path: '/overview',
    summary: 'Figures of the window and of the one before, rate, outcomes, where the time goes, deployments.',
    parameters: WINDOW,
    answer: 'Overview',
    ask: ({ store }, parameters) => store.query('overview', { selection: parameters.selection() }),
  },
  {
    path: '/findings',
    summary: 'What stands out: services that became slower, bursts of errors, storms of retries.',
    parameters: WINDOW,
    answer: 'Findings',
    ask: ({ store }, parameters) => store.query('findings', { selection: parameters.selection() }),
  },
  {
    path: '/heatmap',
    summary:
      'Latency over time: how many statements in each cell; logarithmic rows, eight a decade from 10 ms to 60 s.',
    parameters: [...WINDOW, 'columns'],
    answer: 'Heatmap',
    ask: ({ store }, parameters) =>
      store.query('heatmap', { selection: parameters.selection(), columns: parameters.integer('columns') ?? 130 }),
  },
  {
    path: '/statements',
    summary: 'Statements, page by page.',
    parameters: [...WINDOW, 'order', 'limit', 'cursor', 'retried'],
    answer: 'Statements',
    ask: askStatements,
  },
  {
    path: '/statements/:statementId',
    summary: 'One statement with its session, errors, server side and peers.',
    parameters: [],
    answer: 'StatementDetail',
    ask: askStatement,
  },
  {
    path: '/explain',
    summary:
      'Why these? What the selected statements share that the rest of the window, or of the baseline, does not. A statement that is selected is in no rest.',
    parameters: [
      ...WINDOW,
      'selectedFrom',
      'selectedTo',
      'selectedMinMs',
      'selectedMaxMs',
      'baselineFrom',
      'baselineTo',
    ],
    answer: 'Explanation',
    ask: askExplain,
  },
  {
    path: '/errors',
    summary: 'Errors over time and by class.',
    parameters: WINDOW,
    answer: 'Errors',
    ask: ({ store }, parameters) => store.query('errors', { selection: parameters.selection() }),
  },
  {
    path: '/compare',
    summary: 'Two windows, or before and after a moment, with intervals.',
    parameters: [...WINDOW, 'baselineFrom', 'baselineTo', 'split', 'by'],
    answer: 'Comparison',
    ask: ({ store }, parameters) => store.query('compare', comparisonOf(parameters)),
  },
  {
    path: '/cloudfetch',
    summary: 'Is the download the limit? Files, throughput, slowest file, formats.',
    parameters: WINDOW,
    answer: 'CloudFetch',
    ask: ({ store }, parameters) => store.query('cloudfetch', { selection: parameters.selection() }),
  },
  {
    path: '/retries',
    summary: 'Repeated requests by cause, over time, by service and host.',
    parameters: WINDOW,
    answer: 'Retries',
    ask: ({ store }, parameters) => store.query('retries', { selection: parameters.selection() }),
  },
  {
    path: '/fleet',
    summary: 'Services, warehouses, hosts, and versions of driver, runtime and library.',
    parameters: WINDOW,
    answer: 'Fleet',
    ask: ({ store }, parameters) => store.query('fleet', { selection: parameters.selection() }),
  },
  {
    path: '/client-server',
    summary: 'Where each millisecond went, for statements that the query history knows too.',
    parameters: WINDOW,
    answer: 'ClientServer',
    ask: ({ store }, parameters) => store.query('clientServer', { selection: parameters.selection() }),
  },
  {
    path: '/names',
    summary: 'The values that filters can have, and the names of warehouses by their ids.',
    parameters: [],
    answer: 'Names',
    ask: async ({ store, warehouseNames }) => ({ ...(await store.query('names', {})), warehouseNames }),
  },
  {
    path: '/health',
    summary: 'Can the figures be believed: received, accepted, rejected, duplicate, lag.',
    parameters: ['from', 'to'],
    answer: 'Health',
    refusal: 'HealthWithoutStore',
    ask: askHealth,
  },
];

function comparisonOf(parameters: Parameters): {
  selection: Selection;
  baseline: { fromMs: number; toMs: number };
  by: (typeof COMPARE_BY)[number] | undefined;
} {
  const by = parameters.choice('by', COMPARE_BY);
  const window = parameters.selection();
  const split = parameters.integer('split');
  if (split !== undefined) {
    if (split <= window.fromMs || split >= window.toMs) {
      throw new HttpError(400, 'invalid_parameter', 'split must be inside the window.');
    }
    return { selection: { ...window, fromMs: split }, baseline: { fromMs: window.fromMs, toMs: split }, by };
  }
  const toMs = parameters.integer('baselineTo') ?? window.fromMs;
  const fromMs = parameters.integer('baselineFrom') ?? toMs - (window.toMs - window.fromMs);
  if (fromMs >= toMs) throw new HttpError(400, 'invalid_parameter', 'baselineFrom must be before baselineTo.');
  return { selection: window, baseline: { fromMs, toMs }, by };
}
