import { HttpError } from '../http/reply';
import { COMPARE_BY } from '../store/queries/compare';
import { DIMENSION_FILTERS, MEASURES, STATEMENT_FILTERS, type Measure, type Selection } from '../store/Selection';

type Kind =
  | { readonly kind: 'time' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'text' }
  /** May be repeated: any of the values. */
  | { readonly kind: 'list' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

export type ParameterRule = Kind & { readonly description: string };

const time = (description: string): ParameterRule => ({ kind: 'time', description });
const integer = (minimum: number, maximum: number, description: string): ParameterRule => ({
  kind: 'integer',
  minimum,
  maximum,
  description,
});
const list = (description: string): ParameterRule => ({ kind: 'list', description });
const choice = (values: readonly string[], description: string): ParameterRule => ({
  kind: 'choice',
  values,
  description,
});

const DAY_MS = 86_400_000;
const MOST_MS = 10 * DAY_MS;
const DEFAULT_WINDOW_MS = 3_600_000;

/** Every parameter of the API. */
export const PARAMETERS: Readonly<Record<string, ParameterRule>> = {
  from: time('Start of the window, milliseconds since the epoch; an hour before its end when not given.'),
  to: time('End of the window, excluded; now when not given.'),
  ...Object.fromEntries(
    [...DIMENSION_FILTERS, ...Object.keys(STATEMENT_FILTERS)].map((name) => [
      name,
      list(`Only these; may be repeated. \`(unknown)\`: those that do not say.`),
    ]),
  ),
  measure: choice(MEASURES, 'Which duration; `latencyMs` when not given.'),
  minMs: integer(0, MOST_MS, 'Smallest value of the measure.'),
  maxMs: integer(0, MOST_MS, 'Value that the measure stays below.'),
  columns: integer(1, 500, 'Most columns of the heatmap; 130 when not given.'),
  order: choice(['time', 'slowest'], 'Newest first (default), or the largest measure first.'),
  limit: integer(1, 1_000, 'Most statements; 100 when not given.'),
  cursor: { kind: 'text', description: '`next` of the page before.' },
  retried: { kind: 'flag', description: 'Only statements with a repeated request.' },
  selectedFrom: time('Start of the selection; that of the window when not given.'),
  selectedTo: time('End of the selection; that of the window when not given.'),
  selectedMinMs: integer(0, MOST_MS, 'Smallest value of the measure in the selection.'),
  selectedMaxMs: integer(0, MOST_MS, 'Value that the measure stays below in the selection.'),
  baselineFrom: time(
    'Start of the window to compare with. Not given: `/compare` takes the window before, `/explain` the rest of the window.',
  ),
  baselineTo: time('End of the window to compare with.'),
  split: time('Before and after this moment: the window is cut in two here.'),
  by: choice(COMPARE_BY, 'Compares the largest groups of this as well.'),
  scope: choice(['all', 'host', 'service'], 'What the rule is about.'),
  name: { kind: 'text', description: 'Host or service of the rule.' },
  author: { kind: 'text', description: 'Who takes the rule back, for the list of changes.' },
  session: { kind: 'text', description: 'Session whose statements are removed.' },
  application: { kind: 'text', description: 'Service or application whose statements are removed.' },
  dryRun: { kind: 'flag', description: 'Only says what would be deleted.' },
};

/** The parameters of every question about a window of statements. */
export const SELECTION_PARAMETERS = [
  'from',
  'to',
  ...DIMENSION_FILTERS,
  ...Object.keys(STATEMENT_FILTERS),
  'measure',
  'minMs',
  'maxMs',
] as const;

/** What follows has no end. */
export const LIVE_PARAMETERS = SELECTION_PARAMETERS.filter((name) => name !== 'to');

/** Parameters of one request, checked against the table. Every method throws an HttpError that names the parameter. */
export class Parameters {
  constructor(
    private readonly query: URLSearchParams,
    allowed: readonly string[],
    private readonly nowMs: number,
  ) {
    refuseOthers(query, allowed);
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const rule = PARAMETERS[name];
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value)) throw invalid(name, 'must be a whole number');
    if (rule?.kind === 'integer' && (value < rule.minimum || value > rule.maximum)) {
      throw invalid(name, `must be between ${rule.minimum} and ${rule.maximum}`);
    }
    return value;
  }

  text(name: string): string | undefined {
    const all = this.query.getAll(name);
    if (all.length > 1) throw invalid(name, 'must be given once');
    return all[0] === '' ? undefined : all[0];
  }

  choice<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    if (found === undefined) throw invalid(name, `must be one of ${values.join(', ')}`);
    return found;
  }

  flag(name: string): boolean {
    return this.choice(name, ['true', 'false']) === 'true';
  }

  /** The window and the filters. */
  selection(): Selection {
    const toMs = this.integer('to') ?? this.nowMs;
    const fromMs = this.integer('from') ?? toMs - DEFAULT_WINDOW_MS;
    if (fromMs >= toMs) throw invalid('from', 'must be before `to`');
    const filters = Object.fromEntries(
      [...DIMENSION_FILTERS, ...Object.keys(STATEMENT_FILTERS)].flatMap((name) => {
        const values = this.query.getAll(name).filter((value) => value !== '');
        if (values.length > 100) throw invalid(name, 'has too many values');
        return values.length === 0 ? [] : [[name, values]];
      }),
    ) as Selection['filters'];
    const measure: Measure = this.choice('measure', MEASURES) ?? 'latencyMs';
    const [minMs, maxMs] = this.range('minMs', 'maxMs');
    return { fromMs, toMs, filters, measure, minMs, maxMs };
  }

  /** Two ends, the first of which is not beyond the second. */
  range(low: string, high: string): [low: number | undefined, high: number | undefined] {
    const [from, to] = [this.integer(low), this.integer(high)];
    if (from !== undefined && to !== undefined && from > to) throw invalid(low, `must not be beyond ${high}`);
    return [from, to];
  }
}

/** Throws an HttpError when there is a parameter that is none of `allowed`. */
export function refuseOthers(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) {
    if (!allowed.includes(name)) throw invalid(name, 'is not a parameter of this question');
  }
}

function invalid(name: string, problem: string): HttpError {
  const shown = Object.hasOwn(PARAMETERS, name) ? name : 'A parameter';
  return new HttpError(400, 'invalid_parameter', `${shown} ${problem}.`);
}
