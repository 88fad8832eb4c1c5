export interface TipLine {
  readonly name: string;
  readonly value?: string;
  readonly color?: string;
}

export interface TipContent {
  readonly title: string;
  readonly lines: readonly TipLine[];
}

/** What is under the pointer, in words; with a hairline through it. Flips at the edge. */
export class Tip {
  private readonly box = document.createElement('div');
  private readonly line = document.createElement('div');

  /** `content` gets the place within `over` in pixels. */
  constructor(
    private readonly over: HTMLElement,
    private readonly content: (left: number, top: number) => TipContent | null,
  ) {
    this.box.className = 'tip';
    this.line.className = 'tip-line';
    over.append(this.line, this.box);
    over.addEventListener('mousemove', (event) => {
      const { left, top } = over.getBoundingClientRect();
      this.show(event.clientX - left, event.clientY - top);
    });
    over.addEventListener('mouseleave', () => this.hide());
  }

  private show(left: number, top: number): void {
    const content = this.content(left, top);
    if (content === null) {
      this.hide();
      return;
    }
    const { box, line, over } = this;
    box.replaceChildren(...elements(content));
    box.style.display = line.style.display = 'block';
    const flips = left + 16 + box.offsetWidth > over.clientWidth;
    box.style.left = `${flips ? left - box.offsetWidth - 12 : left + 14}px`;
    box.style.top = `${Math.max(0, Math.min(top + 10, over.clientHeight - box.offsetHeight))}px`;
    line.style.left = `${left}px`;
  }

  private hide(): void {
    this.box.style.display = this.line.style.display = 'none';
  }
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
