import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Properties {
  /** The button that opens it; its class and content. */
  readonly buttonClass: string;
  readonly button: ComponentChildren;
  readonly label: string;
  readonly align?: 'left' | 'right';
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button with something below it. Escape and a click elsewhere close it. */
export function Popover({ buttonClass, button, label, align = 'left', children }: Properties): JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return undefined;
    const away = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    root.current?.querySelector<HTMLElement>('.pop input, .pop button, .pop select')?.focus();
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(event, root.current);
  };
  return (
    <span class="popover" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class={buttonClass}
        ref={trigger}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div class={align === 'right' ? 'pop' : 'pop left'} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </span>
  );
}

function moveFocus(event: KeyboardEvent, root: HTMLElement | null): void {
  const stops = [...(root?.querySelectorAll<HTMLElement>('.pop button, .pop input') ?? [])];
  const index = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[index + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
