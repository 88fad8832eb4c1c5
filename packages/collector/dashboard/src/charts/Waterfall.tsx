import type { JSX } from 'preact';
import { meaningOfWord } from '../format/glossary';
import { duration, percent, sumOf, tickLabel } from '../format/numbers';
import { valueTicks } from './ticks';

export interface WaterfallLane {
  readonly name: string;
  readonly color: string;
  /** Milliseconds. Null: not told. */
  readonly value: number | null;
}

const TICKS = 5;

/** What came after what. Lanes that are not told take no room, and say so. */
export function Waterfall({ lanes, label }: { lanes: readonly WaterfallLane[]; label: string }): JSX.Element {
  const totalMs = Math.max(
    1,
    sumOf(lanes, ({ value }) => value),
  );
  const ticks = valueTicks(totalMs, TICKS, tickLabel).map(({ at, label: text }) => ({
    left: partOf(at / totalMs),
    text,
  }));
  let startMs = 0;
  return (
    <div class="wf" role="img" aria-label={label}>
      <div class="lane ticks" aria-hidden="true">
        <span />
        <div class="tr">
          {ticks.map(({ left, text }) => (
            <span key={left} class="tick" style={{ left }}>
              {text}
            </span>
          ))}
        </div>
      </div>
      {lanes.map(({ name, color, value: ms }) => {
        const from = startMs;
        startMs += ms ?? 0;
        return (
          <div key={name} class="lane">
            <span class="nm" title={meaningOfWord(name)}>
              {name}
            </span>
            <div class="tr">
              {ticks.map(({ left }) => (
                <i key={left} class="line" style={{ left }} />
              ))}
              <Bar color={color} ms={ms} fromMs={from} totalMs={totalMs} />
            </div>
          </div>
        );
      })}
    </div>
  );
}

const partOf = (part: number): string => `${part * 100}%`;

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
  const [start, end] = [fromMs / totalMs, (fromMs + (ms ?? 0)) / totalMs];
  return (
    <>
      {ms !== null && (
        <i
          class="seg1"
          style={{
            left: `min(${partOf(start)}, calc(100% - 2px))`,
            width: partOf(end - start),
            background: `var(${color})`,
          }}
        />
      )}
      <span class="lb" style={{ left: partOf(end) }}>
        {ms === null ? (
          <span>not told</span>
        ) : (
          <>
            <b>{duration(ms)}</b> <span>{percent(ms / totalMs)}</span>
          </>
        )}
      </span>
    </>
  );
}
