/* What answers say of statements, and the same counted one by one. */
import type { StatementSummary } from 'databricks-telemetry-collector';
import type { Comparison } from '../lib/store/queries/compare';
import type { Explanation } from '../lib/store/queries/explain';
import type { Fleet } from '../lib/store/queries/fleet';
import { grouped } from '../lib/store/queries/grouped';
import type { Heatmap } from '../lib/store/queries/heatmap';
import type { Overview } from '../lib/store/queries/overview';

type Rows = readonly StatementSummary[];

const latenciesOf = (rows: Rows): number[] => rows.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
const rank = (sorted: readonly number[], p: number): number | null => sorted[Math.ceil(p * sorted.length) - 1] ?? null;
const sizes = <K>(groups: Map<K, unknown[]>): [K, number][] => [...groups].map(([key, rows]) => [key, rows.length]);
const bucketsOf = (rows: Rows, bucketMs: number): Map<number, StatementSummary[]> =>
  new Map([...grouped(rows, ({ timeMs }) => timeMs - (timeMs % bucketMs))].sort(([a], [b]) => a - b));

export function countedOverview(rows: Rows, { bucketMs }: Overview): object {
  const latencies = latenciesOf(rows);
  const at = (p: number): number | null => rank(latencies, p);
  return {
    statements: rows.length,
    failed: rows.filter(({ outcome }) => outcome === 'failed').length,
    services: new Set(rows.flatMap(({ service }) => service ?? [])).size,
    latency: { count: latencies.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: latencies.at(-1) ?? null },
    series: sizes(bucketsOf(rows, bucketMs)),
    closed: rows.filter(({ closeLatencyMs }) => closeLatencyMs !== null).length,
  };
}

export function saidOverview({ current, series, phases }: Overview): object {
  const { statements, failed, services, latency } = current;
  return {
    statements,
    failed,
    services,
    latency,
    series: series.map((point) => [point.timeMs, point.statements]),
    closed: phases.find(({ phase }) => phase === 'close')?.statements,
  };
}

/** Of the statements whose latency is known: of each column, and of all. */
export function countedHeatmap(rows: Rows, { startMs, bucketMs }: Heatmap): object {
  const known = rows.filter(({ latencyMs }) => latencyMs !== null);
  const columns = [...grouped(known, ({ timeMs }) => Math.floor((timeMs - startMs) / bucketMs))];
  columns.sort(([a], [b]) => a - b);
  return {
    columns: columns.map(([x, of]) => [x, of.length, of.filter(({ outcome }) => outcome === 'failed').length]),
    series: columns.map(([x, of]) => ({ x, p50: rank(latenciesOf(of), 0.5), p95: rank(latenciesOf(of), 0.95) })),
    quantiles: [0.5, 0.95, 0.99, 1].map((part) => rank(latenciesOf(rows), part)),
  };
}

export function saidHeatmap({ cells, series, quantiles }: Heatmap): object {
  const sum = (of: readonly number[]): number => of.reduce((all, one) => all + one, 0);
  const { p50, p95, p99, max } = quantiles;
  return {
    columns: [...grouped(cells, ({ x }) => x)].map(([x, of]) => [
      x,
      sum(of.map(({ statements }) => statements)),
      sum(of.map(({ failed }) => failed)),
    ]),
    series,
    quantiles: [p50, p95, p99, max],
  };
}

export function countedFleet(rows: Rows, { bucketMs }: Fleet): object {
  const services = [...grouped(rows, ({ service }) => service)].map(([name, own]) => {
    const latencies = latenciesOf(own);
    return {
      name,
      statements: own.length,
      failed: own.filter(({ outcome }) => outcome === 'failed').length,
      totalMs: latencies.reduce((sum, ms) => sum + ms, 0),
      firstMs: Math.min(...own.map(({ timeMs }) => timeMs)),
      lastMs: Math.max(...own.map(({ timeMs }) => timeMs)),
      p95: rank(latencies, 0.95),
      strip: [...bucketsOf(own, bucketMs)].map(([t, part]) => [t, part.length, rank(latenciesOf(part), 0.95)]),
    };
  });
  const adoption = [...bucketsOf(rows, bucketMs)].flatMap(([t, part]) =>
    sizes(grouped(part, ({ driverVersion }) => driverVersion)).map(([version, count]) => [t, version, count]),
  );
  return { services: byName(services), adoption: adoption.map(String).sort() };
}

export function saidFleet({ services, strips, adoption }: Fleet): object {
  const points = new Map(strips.map(({ service, points: all }) => [service, all]));
  return {
    services: byName(
      services.map(({ name, statements, failed, totalMs, firstMs, lastMs, latency }) => ({
        name,
        statements,
        failed,
        totalMs: totalMs ?? 0,
        firstMs,
        lastMs,
        p95: latency.p95,
        strip: points.get(name)?.map(({ timeMs, statements: count, p95 }) => [timeMs, count, p95]),
      })),
    ),
    adoption: adoption.map(({ timeMs, version, statements }) => String([timeMs, version, statements])).sort(),
  };
}

const byName = <T extends { readonly name: string | null }>(groups: readonly T[]): T[] =>
  [...groups].sort((a, b) => String(a.name).localeCompare(String(b.name)));

/** How many of `rows` are slower than `minMs` and how many not, by service and by outcome. */
export function countedExplanation(rows: Rows, minMs: number): object {
  const isSelected = ({ latencyMs }: StatementSummary): boolean => latencyMs !== null && latencyMs >= minMs;
  const table = (key: (row: StatementSummary) => string | null): string[] =>
    [...grouped(rows, key)]
      .map(([value, own]) =>
        String([value, own.filter(isSelected).length, own.filter((row) => !isSelected(row)).length]),
      )
      .sort();
  const selected = rows.filter(isSelected).length;
  return {
    selected,
    rest: rows.length - selected,
    service: table(({ service }) => service),
    outcome: table(({ outcome }) => outcome),
  };
}

export function saidExplanation({ selected, rest, dimensions }: Explanation): object {
  const table = (name: string): string[] | undefined =>
    dimensions
      .find(({ dimension }) => dimension === name)
      ?.values.map((value) => String([value.value, value.selected, value.rest]))
      .sort();
  return { selected, rest, service: table('service'), outcome: table('outcome') };
}

/** Of two windows that meet at `splitMs`: medians, by service too. */
export function countedComparison(rows: Rows, splitMs: number): object {
  const median = (of: Rows, isAfter: boolean): number | null =>
    rank(latenciesOf(of.filter(({ timeMs }) => timeMs >= splitMs === isAfter)), 0.5);
  const groups = [...grouped(rows.filter(({ latencyMs }) => latencyMs !== null), ({ service }) => service)]; // prettier-ignore
  return {
    p50: [median(rows, true), median(rows, false)],
    groups: groups.map(([name, own]) => String([name, median(own, true), median(own, false)])).sort(),
  };
}

export function saidComparison({ p50, groups }: Comparison): object {
  return {
    p50: [p50.a, p50.b],
    groups: groups.map(({ value, p50: own }) => String([value, own.a, own.b])).sort(),
  };
}
