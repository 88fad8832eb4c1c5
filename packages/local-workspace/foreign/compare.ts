import { EXPECTED, type Expected } from './expected';
import { normalize } from './normalize';
import type { Observation } from './observations';
import { differenceOf, type KnownDifference } from './knownDifferences';
import type { TypeCase, ParameterCase } from './scenarios';
import { SCENARIOS, STATEMENTS } from './scenarios';
import type { Way } from './site';

/** What one run of a driver saw. */
export interface Seen {
  readonly row: string;
  readonly way: Way;
  readonly mode: string;
  readonly scenarios: readonly string[];
  readonly observations: readonly Observation[];
}

/** A cell of the table: of the cases of a scenario, in all runs of a driver. */
export interface Cell {
  agreed: number;
  known: number;
  unsupported: number;
  readonly problems: string[];
}

export interface Comparison {
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Cell>>;
  /** Known differences that explained something. */
  readonly met: ReadonlySet<KnownDifference>;
}

/** Its row in the table. */
export function rowOf({ row, way }: Pick<Seen, 'row' | 'way'>): string {
  return way === 'direct' ? row : `${row} by the gateway`;
}

const CASE_TYPES = new Map<string, string>([
  ...STATEMENTS.types.map(({ name, type }: TypeCase) => [`types/${name}`, type.toLowerCase()] as const),
  ...STATEMENTS.parameters.map(({ name, type }: ParameterCase) => [`parameters/${name}`, type] as const),
]);

const keyOf = ({ scenario, case: name = '' }: Observation): string => `${scenario}/${name}`;

function reading({ values, ...observation }: Observation): string | undefined {
  return values ? spelled(keyOf(observation), values) : undefined;
}

function spelled(key: string, values: readonly unknown[]): string {
  return values.map((value) => normalize(CASE_TYPES.get(key) ?? 'string', value)).join(' | ');
}

/**
 * What must be read in each case: what is expected of it, or what most runs read, but for what is known of a driver; of
 * equals, what was read first.
 */
function consensus(seen: readonly Seen[], all: Expected): Map<string, string> {
  const asked = new Set(seen.flatMap(({ scenarios }) => scenarios));
  const expected = Object.entries(all).filter(([key]) => asked.has(key.split('/')[0] ?? ''));
  const votes = new Map<string, Map<string, number>>();
  for (const { row, mode, observations } of seen) {
    for (const observation of observations) {
      const key = keyOf(observation);
      const text = reading(observation);
      if (text === undefined || differenceOf(row, mode, key, text)) continue;
      const counts = votes.get(key) ?? new Map<string, number>();
      votes.set(key, counts.set(text, (counts.get(text) ?? 0) + 1));
    }
  }
  const most = [...votes].map(
    ([key, counts]) => [key, [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]] as const,
  );
  return new Map([...most, ...expected.map(([key, values]) => [key, spelled(key, values)] as const)]);
}

/** Compares every reading with what must be read; `telemetry` has a cell for each row whose driver sends some. */
export function compare(
  seen: readonly Seen[],
  telemetry: ReadonlyMap<string, Cell>,
  expected: Expected = EXPECTED,
): Comparison {
  const agreed = consensus(seen, expected);
  const rows = new Map<string, Map<string, Cell>>();
  const met = new Set<KnownDifference>();
  for (const run of seen) {
    const row = rows.get(rowOf(run)) ?? new Map<string, Cell>();
    rows.set(rowOf(run), row);
    const cellOf = (scenario: string): Cell => {
      const cell = row.get(scenario) ?? { agreed: 0, known: 0, unsupported: 0, problems: [] };
      row.set(scenario, cell);
      return cell;
    };
    for (const observation of run.observations) judge(run, observation, agreed, cellOf(observation.scenario), met);
    for (const key of missing(run, agreed))
      cellOf(key.split('/')[0] ?? '').problems.push(`${key} (${run.mode}): no answer`);
  }
  for (const [row, cell] of telemetry) rows.get(row)?.set('telemetry', cell);
  return { rows, met };
}

function judge(
  { row, mode }: Seen,
  observation: Observation,
  agreed: ReadonlyMap<string, string>,
  cell: Cell,
  met: Set<KnownDifference>,
): void {
  const key = keyOf(observation);
  const text = reading(observation);
  if (observation.unsupported !== undefined) {
    cell.unsupported += 1;
  } else if (observation.failed === undefined && text === agreed.get(key)) {
    cell.agreed += 1;
  } else {
    const saw = observation.failed ?? `${text} in place of ${agreed.get(key)}`;
    const known = differenceOf(row, mode, key, saw);
    if (known) {
      met.add(known);
      cell.known += 1;
    } else cell.problems.push(`${key} (${mode}): ${saw}`);
  }
}

/** Cases of this run's scenarios that others answered and it did not. */
function missing({ scenarios, observations }: Seen, agreed: ReadonlyMap<string, string>): string[] {
  const answered = new Set(observations.map(keyOf));
  const left = new Set(observations.filter(({ case: name }) => name === undefined).map(({ scenario }) => scenario));
  return [...agreed.keys()].filter((key) => {
    const scenario = key.split('/')[0] ?? '';
    return scenarios.includes(scenario) && !left.has(scenario) && !answered.has(key);
  });
}

/** The table: a row for each driver, a column for each scenario. */
export function table(rows: Comparison['rows']): string {
  const columns = [...SCENARIOS, 'telemetry'];
  const lines = [...rows].map(([name, cells]) => [name, ...columns.map((column) => mark(cells.get(column)))]);
  const all = [['driver', ...columns], ...lines];
  const widths = ['driver', ...columns].map((_, i) => Math.max(...all.map((line) => (line[i] ?? '').length)));
  return all
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function mark(cell: Cell | undefined): string {
  if (!cell) return '';
  if (cell.problems.length > 0) return `FAILED ${cell.problems.length}`;
  if (cell.agreed === 0 && cell.known === 0) return '-';
  return cell.known > 0 ? `ok (${cell.known} known)` : 'ok';
}
