import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Names } from '../../../lib/store/queries/names';
import { nameOf, valueName } from '../format/words';
import { change, NOT_TOLD } from '../state/address';
import { names } from '../state/names';
import { filters } from '../state/window';
import { Icon } from '../ui/Icon';
import { Popover } from '../ui/Popover';

const FORMATS = ['INLINE_ARROW', 'EXTERNAL_LINKS', 'COLUMNAR_INLINE'];

/** Filters that always stand in the bar, and where their values come from. */
const ALWAYS: readonly {
  readonly name: string;
  readonly label: string;
  /** The list among the names; formats are known. */
  readonly of?: keyof Names;
}[] = [
  { name: 'service', label: 'Service', of: 'services' },
  { name: 'warehouse', label: 'Warehouse', of: 'warehouses' },
  { name: 'driverVersion', label: 'Driver', of: 'driverVersions' },
  { name: 'format', label: 'Format' },
];

/** What the page is limited to. Filters that come from a link show as soon as they are set. */
export function FilterBar(): JSX.Element {
  const others = Object.keys(filters.value).filter((name) => ALWAYS.every((filter) => filter.name !== name));
  return (
    <>
      {ALWAYS.map(({ name, label, of }) => (
        <Filter key={name} name={name} label={label} values={of === undefined ? FORMATS : (names.value?.[of] ?? [])} />
      ))}
      {others.map((name) => (
        <Filter key={name} name={name} label={nameOf(name)} values={[]} />
      ))}
    </>
  );
}

const shownValue = (name: string, value: string): string => (value === NOT_TOLD ? 'unknown' : valueName(name, value));

function Filter({ name, label, values }: { name: string; label: string; values: readonly string[] }): JSX.Element {
  const chosen = filters.value[name] ?? [];
  const set = (next: readonly string[]): void => change({ [`f.${name}`]: next, sel: null });
  const on = chosen.length > 0;
  const shown = chosen.map((value) => shownValue(name, value));
  return (
    <span class={on ? 'pill on' : name === 'format' ? 'pill wide-only' : 'pill'}>
      <Popover
        buttonClass="bare"
        label={`${label} filter`}
        button={
          on ? (
            <>
              {label} <b>{shown.length > 2 ? `${shown.length} chosen` : shown.join(', ')}</b>
            </>
          ) : (
            <>
              {label} <Icon name="down" size={12} />
            </>
          )
        }
      >
        {() => <Choices name={name} label={label} values={values} chosen={chosen} onChange={set} />}
      </Popover>
      {on && (
        <button type="button" aria-label={`Remove the ${label} filter`} onClick={() => set([])}>
          <Icon name="cross" size={12} />
        </button>
      )}
    </span>
  );
}

interface ChoicesProperties {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

const MOST_SHOWN = 100;

function Choices({ name, label, values, chosen, onChange }: ChoicesProperties): JSX.Element {
  const [text, setText] = useState('');
  const all = [...new Set([...chosen, ...values, NOT_TOLD])];
  const found = all.filter((value) => `${shownValue(name, value)} ${value}`.toLowerCase().includes(text.toLowerCase()));
  const toggle = (value: string): void =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <>
      <input
        class="find-in"
        type="search"
        placeholder={`Find: ${label.toLowerCase()}`}
        aria-label={`Find ${label}`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="choices">
        {found.slice(0, MOST_SHOWN).map((value) => (
          <button
            key={value}
            type="button"
            class="i"
            role="checkbox"
            aria-checked={chosen.includes(value)}
            onClick={() => toggle(value)}
          >
            <span>{shownValue(name, value)}</span>
            {chosen.includes(value) && <Icon name="check" size={13} />}
          </button>
        ))}
        {found.length > MOST_SHOWN && <p class="quiet">{found.length - MOST_SHOWN} more: type to find them</p>}
        {found.length === 0 && <p class="quiet">None</p>}
      </div>
    </>
  );
}
