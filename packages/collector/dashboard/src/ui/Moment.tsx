import type { JSX } from 'preact';
import { zoneName, zoneOffsetMs } from '../format/times';

/** A field for a moment, in the zone in which times are shown. */
export function Moment(properties: { name: string; ms: number; onChange: (ms: number) => void }): JSX.Element {
  const { name, ms, onChange } = properties;
  const written = new Date(ms + zoneOffsetMs(ms)).toISOString().slice(0, 16);
  return (
    <label class="pop-row">
      <span>
        {name} <small class="quiet">{zoneName(ms)}</small>
      </span>
      <input
        type="datetime-local"
        value={written}
        onChange={(event) => {
          const shown = Date.parse(`${event.currentTarget.value}Z`);
          if (!Number.isNaN(shown)) onChange(shown - zoneOffsetMs(shown));
        }}
      />
    </label>
  );
}
