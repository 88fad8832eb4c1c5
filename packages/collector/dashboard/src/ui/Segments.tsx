import type { ComponentChildren, JSX } from 'preact';

export interface SegmentOption<T extends string> {
  readonly value: T;
  readonly label: ComponentChildren;
  /** Said in place of a label that is a picture. */
  readonly spoken?: string;
}

interface Properties<T extends string> {
  readonly label: string;
  readonly options: readonly SegmentOption<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({
  label,
  options,
  value,
  onChange,
  quiet = false,
  disabled = false,
}: Properties<T>): JSX.Element {
  return (
    <span class={quiet ? 'seg q' : 'seg'} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          disabled={disabled}
          aria-pressed={option.value === value}
          aria-label={option.spoken}
          title={option.spoken}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}
