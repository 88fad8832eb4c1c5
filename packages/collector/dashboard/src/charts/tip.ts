import type uPlot from 'uplot';

export interface TipLine {
  readonly name: string;
  readonly value?: string;
  readonly color?: string;
}

export interface TipContent {
  readonly title: string;
  readonly lines: readonly TipLine[];
}

/** What is under the pointer, in words. `content` gets the place within the plot in CSS pixels. */
export function tip(content: (u: uPlot, left: number, top: number) => TipContent | null): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tip';
  const hide = (): void => {
    box.style.display = 'none';
  };
  return {
    hooks: {
      init: (u) => {
        u.over.append(box);
        u.over.addEventListener('mouseleave', hide);
      },
      setCursor: (u) => {
        const { left = -1, top = -1 } = u.cursor;
        const shown = left < 0 ? null : content(u, left, top);
        if (shown === null) {
          hide();
          return;
        }
        box.replaceChildren(...elements(shown));
        box.style.display = 'block';
        const room = u.over.clientWidth;
        const flips = left + 16 + box.offsetWidth > room;
        box.style.left = `${flips ? left - box.offsetWidth - 12 : left + 14}px`;
        box.style.top = `${Math.max(0, Math.min(top + 10, u.over.clientHeight - box.offsetHeight))}px`;
      },
    },
  };
}

// Names come from senders: text, never markup.
function elements({ title, lines }: TipContent): HTMLElement[] {
  const head = document.createElement('b');
  head.textContent = title;
  return [head, ...lines.map(lineElement)];
}

function lineElement({ name, value, color }: TipLine): HTMLElement {
  const line = document.createElement('div');
  const label = document.createElement('span');
  if (color !== undefined) {
    const mark = document.createElement('i');
    mark.style.background = `var(${color})`;
    label.append(mark);
  }
  label.append(name);
  line.append(label);
  if (value !== undefined) line.append(value);
  return line;
}
