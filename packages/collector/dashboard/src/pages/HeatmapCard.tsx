import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Heatmap } from '../../../lib/store/queries/heatmap';
import type { Marker } from '../../../lib/store/queries/markers';
import { HeatmapChart } from '../charts/HeatmapChart';
import type { HeatmapMarker } from '../charts/heatmapDrawing';
import { Ramp } from '../charts/Ramp';
import { countOrDash, duration, plural, sumOf } from '../format/numbers';
import { prose } from '../format/prose';
import { interval } from '../format/times';
import { change } from '../state/address';
import { valueOf, type Answer } from '../state/answer';
import type { Box } from '../state/selection';
import { measure, MEASURES } from '../state/window';
import { ChartCard } from '../ui/ChartCard';
import { Segments } from '../ui/Segments';
import { Table } from '../ui/Table';
import { figure } from '../ui/columns';
import { versionChanges } from './versionChanges';

interface Properties {
  readonly answer: Answer<Heatmap>;
  readonly markers: readonly Marker[];
  readonly box: Box | null;
  readonly onSelect: (box: Box | null, replace?: boolean) => void;
  readonly sub: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly height?: number;
}

/** The last ones; beyond, lines would cover the cells. */
const MARKERS_SHOWN = 24;

/** Latency over time, as a heatmap. */
export function HeatmapCard({ answer, markers, box, onSelect, sub, actions, height = 264 }: Properties): JSX.Element {
  const shown = useMemo(() => markers.slice(-MARKERS_SHOWN).map(markerOf), [markers]);
  const known = valueOf(answer);
  const most = Math.max(1, ...(known?.cells.map(({ statements }) => statements) ?? []));
  return (
    <ChartCard
      title="Latency of every statement"
      sub={sub}
      answer={answer}
      height={height}
      actions={
        <>
          {actions}
          {known !== undefined && box === null && <Ramp most={plural(most, 'statement')} />}
          <Segments
            label="Duration"
            options={MEASURES.map(({ name, label, hint }) => ({ value: name, label, spoken: `${label}: ${hint}` }))}
            value={measure.value.name}
            onChange={(name) => change({ m: name === MEASURES[0].name ? null : name, sel: null })}
          />
        </>
      }
      empty={nothingIn}
      foot={footOf(known)}
      chart={(heatmap) => (
        <HeatmapChart
          heatmap={heatmap}
          markers={shown}
          box={box}
          onSelect={onSelect}
          height={height}
          label={sentenceOf(heatmap)}
        />
      )}
      table={(heatmap) => <CellTable heatmap={heatmap} />}
    />
  );
}

const markerOf = (marker: Marker): HeatmapMarker => ({
  timeMs: marker.timeMs,
  label: `${marker.service ?? 'unknown'}: ${versionChanges(marker)}`,
});

function nothingIn({ cells, unknown }: Heatmap): ComponentChildren | false {
  if (cells.length > 0) return false;
  if (unknown > 0) return `None of ${plural(unknown, 'statement')} tells this duration. Choose another one.`;
  return prose('no-statements');
}

function footOf(heatmap: Heatmap | undefined): ComponentChildren {
  if (heatmap === undefined || heatmap.unknown === 0) return undefined;
  return `${plural(heatmap.unknown, 'statement')} not drawn: the driver does not tell this duration.`;
}

function sentenceOf({ quantiles, startMs, columns, bucketMs }: Heatmap): string {
  const { count: known, p50, p95, p99 } = quantiles;
  return (
    `${plural(known, 'statement')}, ${interval(startMs, startMs + columns * bucketMs)}: half within ${duration(p50)}, ` +
    `95% within ${duration(p95)}, 99% within ${duration(p99)}. Arrow keys draw a box, Shift and arrows size it.`
  );
}

interface ColumnRow {
  readonly timeMs: number;
  readonly statements: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The heatmap's columns as rows. */
function CellTable({ heatmap }: { heatmap: Heatmap }): JSX.Element {
  const { series, cells, startMs, bucketMs } = heatmap;
  const rows = series.map(({ x, p50, p95 }): ColumnRow => {
    const own = cells.filter((cell) => cell.x === x);
    const sum = (of: (cell: (typeof cells)[number]) => number): number => sumOf(own, of);
    return {
      timeMs: startMs + x * bucketMs,
      statements: sum((c) => c.statements),
      failed: sum((c) => c.failed),
      p50,
      p95,
    };
  });
  return (
    <Table
      label="Latency over time"
      dense
      rows={rows}
      keyOf={({ timeMs }) => timeMs}
      columns={[
        { name: 'Time', value: (row) => row.timeMs, cell: (row) => interval(row.timeMs, row.timeMs + bucketMs) },
        figure('Statements', (row: ColumnRow) => row.statements),
        figure('Failed', (row: ColumnRow) => row.failed, countOrDash),
        figure('p50', (row: ColumnRow) => row.p50, duration),
        figure('p95', (row: ColumnRow) => row.p95, duration),
      ]}
    />
  );
}
