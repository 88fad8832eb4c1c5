import { condition, type Measure, type Selection } from '../Selection';
import { contrast, holm, valueBits } from '../statistics/contingency';
import { countingOf, countingWhere, type Sampled } from './counting';
import { byName, numberOf, textOrNull, type AnswerRow, type Database, type Query } from './Query';

/** The box that was drawn: a part of the window and, if given, of the measure. */
export interface Box {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
}

export interface ExplainedValue {
  readonly value: string | null;
  readonly selected: number;
  readonly rest: number;
  readonly selectedShare: number;
  readonly restShare: number;
  readonly bits: number;
}

export interface ExplainedDimension {
  readonly dimension: string;
  readonly bits: number;
  /** Corrected for the number of dimensions that were tried (Holm). */
  readonly pValue: number;
  readonly differs: boolean;
  readonly values: readonly ExplainedValue[];
}

export interface Explanation {
  readonly selected: number;
  readonly rest: number;
  /** Under 20 statements on either side nothing can be said. */
  readonly enough: boolean;
  readonly tried: number;
  /** Those that differ most first. */
  readonly dimensions: readonly ExplainedDimension[];
  /** Null when no statement of these stands for others. */
  readonly sampled: Sampled | null;
}

const OF_CONNECTION = ['service', 'host', 'warehouse', 'driver', 'driverVersion', 'runtimeVersion', 'mode', 'os'];
const OF_STATEMENT: Readonly<Record<string, string>> = {
  operation: '"operationType"',
  format: '"executionResult"',
  compressed: 'CAST(compressed AS VARCHAR)',
  directResults: '"directResults"',
  outcome: 'outcome',
  errorClass: '"errorClass"',
  retries: `CASE WHEN "retryCount" > 0 THEN 'retried' WHEN "retryCount" = 0 THEN 'none' END`,
  files: `CASE WHEN "filesPresent" >= 100 THEN '100 or more' WHEN "filesPresent" >= 10 THEN '10 to 99' WHEN "filesPresent" > 0 THEN '1 to 9' WHEN "filesPresent" = 0 THEN 'none' END`,
};
const MAX_VALUES = 20;

export interface ExplainParameters {
  readonly selection: Selection;
  readonly box: Box;
  /** What the selection is held against, without what is selected of it; the rest of the window when not given. */
  readonly baseline: { readonly fromMs: number; readonly toMs: number } | undefined;
}

export const explain: Query<ExplainParameters, Explanation> = {
  async run(database, { selection, box, baseline }) {
    const { byConnection, byStatement, sampled } = await countsOf(database, { selection, box, baseline });
    const names = [...OF_CONNECTION, ...Object.keys(OF_STATEMENT)];
    const worth = { selected: worthOf(byConnection, 'selected'), rest: worthOf(byConnection, 'rest') };
    const contrasts = names.map((dimension) => {
      const table = tableOf(OF_STATEMENT[dimension] === undefined ? byConnection : byStatement, dimension);
      const worths = table.map((row) => ({ selected: row.selected * worth.selected, rest: row.rest * worth.rest }));
      return { dimension, table, bits: contrast(table).bits, pValue: contrast(worths).pValue };
    });
    const [first] = contrasts;
    const selected = first?.table.reduce((sum, row) => sum + row.selected, 0) ?? 0;
    const rest = first?.table.reduce((sum, row) => sum + row.rest, 0) ?? 0;
    const enough = selected * worth.selected >= 20 && rest * worth.rest >= 20;
    const pValues = holm(contrasts.map(({ pValue }) => pValue));
    const dimensions = contrasts.map(({ dimension, table, bits }, index) => ({
      dimension,
      bits,
      pValue: pValues[index] ?? 1,
      differs: enough && (pValues[index] ?? 1) < 0.01 && bits >= 0.01,
      values: table
        .map((row) => ({
          value: row.value,
          selected: Math.round(row.selected),
          rest: Math.round(row.rest),
          selectedShare: selected === 0 ? 0 : row.selected / selected,
          restShare: rest === 0 ? 0 : row.rest / rest,
          bits: valueBits(row, selected, rest, table.length),
        }))
        .sort((a, b) => b.bits - a.bits || b.rest - a.rest || byName(a.value, b.value))
        .slice(0, MAX_VALUES),
    }));
    dimensions.sort((a, b) => Number(b.differs) - Number(a.differs) || b.bits - a.bits);
    return {
      selected: Math.round(selected),
      rest: Math.round(rest),
      enough,
      tried: names.length,
      dimensions,
      sampled,
    };
  },
};

/** How many are selected and how many not, by connection and by what the statements themselves tell. */
async function countsOf(
  database: Database,
  { selection, box, baseline }: ExplainParameters,
): Promise<{ byConnection: AnswerRow[]; byStatement: AnswerRow[]; sampled: Sampled | null }> {
  const all = { ...selection, minMs: undefined, maxMs: undefined };
  const where =
    baseline === undefined
      ? condition(all)
      : `(${condition({ ...all, ...box })} OR ${condition({ ...all, ...baseline })})`;
  const counting = await (baseline === undefined ? countingOf(database, all) : countingWhere(database, where));
  const counts = `${counting.rows} AS n${counting.squares}`;
  const grouped = async (names: readonly string[]): Promise<AnswerRow[]> => {
    const columns = `${names.join(', ')}, ${counts}`;
    const rows = (condition: string): Promise<AnswerRow[]> =>
      database.rows(
        `SELECT ${columns} FROM all_statements WHERE ${condition} GROUP BY ${names.map((_, index) => index + 1).join(', ')}`,
      );
    const [whole, selected] = await Promise.all([
      // Of a whole window what is kept counts; what was drawn into it is read.
      baseline === undefined ? database.sums({ columns, groups: names.length, selection: all }) : rows(where),
      rows(`${where} AND ${boxCondition(box, selection.measure)}`),
    ]);
    return divided(whole, selected);
  };
  const [connections, byStatement, dims] = await Promise.all([
    grouped(['dim']),
    grouped(Object.entries(OF_STATEMENT).map(([name, column]) => `${column} AS "${name}"`)),
    database.rows(`SELECT dim, ${OF_CONNECTION.map((name) => `"${name}"`).join(', ')} FROM dims`),
  ]);
  const names = new Map(dims.map((row) => [row['dim'], row]));
  const byConnection = connections.map((row): AnswerRow => ({ ...names.get(row['dim']), ...row }));
  return { byConnection, byStatement, sampled: counting.sampled };
}

const COUNTED = new Set(['n', 'squares', 'part']);
const keyOf = (row: AnswerRow): string => JSON.stringify(Object.entries(row).filter(([name]) => !COUNTED.has(name)));

/** Groups with what is `selected` of them and the `rest`, from those of the whole and those that were selected. */
function divided(whole: readonly AnswerRow[], selected: readonly AnswerRow[]): AnswerRow[] {
  const groups = new Map<string, { row: AnswerRow; all: number; all2: number; selected: number; selected2: number }>();
  const groupOf = (row: AnswerRow): { all: number; all2: number; selected: number; selected2: number } => {
    const group = groups.get(keyOf(row)) ?? { row, all: 0, all2: 0, selected: 0, selected2: 0 };
    groups.set(keyOf(row), group);
    return group;
  };
  for (const row of whole) {
    const group = groupOf(row);
    group.all += numberOf(row['n']);
    group.all2 += numberOf(row['squares']);
  }
  for (const row of selected) {
    const group = groupOf(row);
    group.selected += numberOf(row['n']);
    group.selected2 += numberOf(row['squares']);
  }
  return [...groups.values()].map(({ row, all, all2, ...group }) => ({
    ...row,
    ...group,
    rest: difference(all, group.selected),
    rest2: difference(all2, group.selected2),
  }));
}

/** Of sums of weights, which are no whole numbers. */
const difference = (all: number, part: number): number => Math.max(0, Math.round((all - part) * 1e6) / 1e6);

/** What one estimated statement of a side is worth (Kish's effective size); 1 where nothing is estimated. */
function worthOf(rows: readonly AnswerRow[], side: 'selected' | 'rest'): number {
  const total = (name: string): number => rows.reduce((sum, row) => sum + numberOf(row[name]), 0);
  const squares = total(`${side}2`);
  return squares === 0 ? 1 : total(side) / squares;
}

/** Adds up the counts of each value of a dimension. */
function tableOf(rows: readonly AnswerRow[], name: string): { value: string | null; selected: number; rest: number }[] {
  const table = new Map<string | null, { value: string | null; selected: number; rest: number }>();
  for (const row of rows) {
    const value = textOrNull(row[name]);
    const known = table.get(value) ?? { value, selected: 0, rest: 0 };
    known.selected += numberOf(row['selected']);
    known.rest += numberOf(row['rest']);
    table.set(value, known);
  }
  return [...table.values()];
}

function boxCondition({ fromMs, toMs, minMs, maxMs }: Box, measure: Measure): string {
  const parts = [`"timeMs" >= ${fromMs}`, `"timeMs" < ${toMs}`];
  if (minMs !== undefined) parts.push(`"${measure}" >= ${minMs}`);
  if (maxMs !== undefined) parts.push(`"${measure}" < ${maxMs}`);
  return `(${parts.join(' AND ')})`;
}
