import type { JSX } from 'preact';
import { interval } from '../format/times';
import { change } from '../state/address';
import { zone } from '../state/preferences';
import { RANGES, refresh, setWindow, timeWindow } from '../state/window';
import { Icon } from '../ui/Icon';
import { Moment } from '../ui/Moment';
import { Popover } from '../ui/Popover';
import { Segments } from '../ui/Segments';

/** The window of time, and the zone in which times are shown. */
export function RangeMenu(): JSX.Element {
  const { fromMs, toMs, label, moving } = timeWindow.value;
  return (
    <Popover
      buttonClass="btn"
      label="Window of time"
      align="right"
      button={
        <>
          <Icon name="clock" size={14} /> {moving && label} <small>{interval(fromMs, toMs)}</small>
        </>
      }
    >
      {(close) => (
        <>
          {RANGES.map((range) => (
            <button
              key={range.name}
              type="button"
              class="i"
              role="radio"
              aria-checked={moving && label === range.label}
              onClick={() => {
                change({ r: range.name, from: null, to: null, sel: null });
                refresh();
                close();
              }}
            >
              {range.label}
            </button>
          ))}
          <hr />
          <Moment name="From" ms={fromMs} onChange={(ms) => ms < toMs && setWindow(ms, toMs)} />
          <Moment name="To" ms={toMs} onChange={(ms) => ms > fromMs && setWindow(fromMs, ms)} />
          <hr />
          <div class="pop-row">
            <span>Times in</span>
            <Segments
              label="Zone of times"
              options={[
                { value: 'local', label: 'Local' },
                { value: 'utc', label: 'UTC' },
              ]}
              value={zone.value}
              onChange={(value) => (zone.value = value)}
            />
          </div>
        </>
      )}
    </Popover>
  );
}
