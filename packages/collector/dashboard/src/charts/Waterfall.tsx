import type { JSX } from 'preact';
import { duration, percent, tickLabel } from '../format/numbers';

export interface WaterfallLane {
  readonly name: string;
  readonly color: string;
  /** Null: not told. */
  readonly ms: number | null;
}

const TICKS = 5;
const STEPS = [1, 2, 2.5, 5, 10];
/** Room that a label needs, as a part of the width. */
const LABEL = 0.2;

/** A round distance between ticks, for at most `TICKS` of them. */
function tickOf(totalMs: number): number {
  const rough = totalMs / TICKS;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-3)));
  return (STEPS.find((step) => step * power >= rough) ?? 10) * power;
}

/** What came after what. Lanes that are not told take no room, and say so. */
export function Waterfall({ lanes, label }: { lanes: readonly WaterfallLane[]; label: string }): JSX.Element {
  const totalMs = Math.max(
    1,
    lanes.reduce((sum, { ms }) => sum + (ms ?? 0), 0),
  );
  const tick = tickOf(totalMs);
  const ticks = Array.from({ length: Math.floor(totalMs / tick) + 1 }, (_, index) => index * tick);
  const at = (ms: number): string => `${(ms / totalMs) * 100}%`;
  let startMs = 0;
  return (
    <div class="wf" role="img" aria-label={label}>
      <div class="lane ticks" aria-hidden="true">
        <span />
        <div class="tr">
          {ticks.map((ms) => (
            <span key={ms} class="tick" style={{ left: at(ms) }}>
              {ms === 0 ? '0' : tickLabel(ms)}
            </span>
          ))}
        </div>
      </div>
      {lanes.map(({ name, color, ms }) => {
        const from = startMs;
        startMs += ms ?? 0;
        return (
          <div key={name} class="lane">
            <span class="nm">{name}</span>
            <div class="tr">
              {ticks.map((tickMs) => (
                <i key={tickMs} class="line" style={{ left: at(tickMs) }} />
              ))}
              <Bar color={color} ms={ms} fromMs={from} totalMs={totalMs} />
            </div>
          </div>
        );
      })}
    </div>
  );
}

function Bar({
  color,
  ms,
  fromMs,
  totalMs,
}: {
  color: string;
  ms: number | null;
  fromMs: number;
  totalMs: number;
}): JSX.Element {
  if (ms === null)
    return (
      <span class="lb quiet" style={{ left: `${(fromMs / totalMs) * 100}%` }}>
        not told
      </span>
    );
  const [start, end] = [fromMs / totalMs, (fromMs + ms) / totalMs];
  return (
    <>
      <i
        class="seg1"
        style={{
          left: `min(${start * 100}%, calc(100% - 2px))`,
          width: `${(end - start) * 100}%`,
          background: `var(${color})`,
        }}
      />
      <span class={end + LABEL > 1 && start < LABEL ? 'lb inside' : 'lb'} style={placeOf(start, end)}>
        <b>{duration(ms)}</b> <span>{percent(ms / totalMs)}</span>
      </span>
    </>
  );
}

/** After the bar where there is room, else before it, else within. */
function placeOf(start: number, end: number): Readonly<Record<string, string>> {
  if (end + LABEL <= 1) return { left: `${end * 100}%` };
  return start >= LABEL ? { right: `${(1 - start) * 100}%` } : { left: `${start * 100}%` };
}
