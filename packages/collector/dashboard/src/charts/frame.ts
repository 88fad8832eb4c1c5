export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly log?: boolean;
}

/** Where a value stands between the ends of its scale, from 0 to 1. */
export function shareOf({ from, to, log = false }: Scale, value: number): number {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

export function valueAt({ from, to, log = false }: Scale, share: number): number {
  return log ? from * (to / from) ** share : from + share * (to - from);
}

/** The area in which values are drawn. In CSS pixels of the canvas; `y` grows upwards in value, downwards in pixels. */
export class Frame {
  constructor(
    readonly ctx: CanvasRenderingContext2D,
    readonly left: number,
    readonly top: number,
    readonly width: number,
    readonly height: number,
    private readonly horizontal: Scale,
    private readonly vertical: Scale,
  ) {}

  x(value: number): number {
    return this.left + shareOf(this.horizontal, value) * this.width;
  }

  y(value: number): number {
    return this.top + (1 - shareOf(this.vertical, value)) * this.height;
  }

  /** The value at a place of the frame, counted from its left edge. */
  valueAtX(x: number): number {
    return valueAt(this.horizontal, x / this.width);
  }

  /** The value at a place of the frame, counted from its upper edge. */
  valueAtY(y: number): number {
    return valueAt(this.vertical, 1 - y / this.height);
  }

  /** Draws without leaving the frame, and without a trace in the context. */
  inside(draw: (ctx: CanvasRenderingContext2D) => void): void {
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.left, this.top, this.width, this.height);
    ctx.clip();
    draw(ctx);
    ctx.restore();
  }
}
