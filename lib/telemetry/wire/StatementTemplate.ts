import type { Statement } from '../../model/Statement';
import type { Facts } from '../../util/foreign';
import type { Column } from './Column';

/** Where the value of a column stands in a log; `text` is undefined where the record has none. */
export interface PlacedValue {
  readonly column: Column;
  readonly at: number;
  readonly text: string | undefined;
}

/** A value of a log. What was written last stays there: a value that is the same again costs a look. */
interface Gap {
  readonly holder: string | undefined;
  readonly name: string;
  /** Left alone when the value is another one: the template is not for such a record. */
  readonly kind: 'constant' | 'number' | 'text';
  readonly at: number;
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp | undefined;
  last: unknown;
}

/** No value is equal to it. */
const UNWRITTEN = Symbol('unwritten');

const ZERO = 0x30;
const BLANK = 0x20;

/**
 * The log of one statement as bytes, from which the logs of others like it are made: those that have the same fields and
 * the same enum values. Only what differs is written, numbers right-aligned with blanks before them, and the whole is
 * copied. Building each log from strings takes twice as long (1.9 and 0.9 µs for one with twenty values; `bench -- export`).
 */
export class StatementTemplate {
  /** The log as `fill` has left it. */
  readonly bytes: Buffer;
  /** Names the statements it is for, but for the number of their digits. */
  readonly shape: string;
  private readonly gaps: readonly Gap[];

  /** `json` is the log of `statement`, in ASCII, with its values where `placed` says, in their order. */
  constructor(json: string, placed: readonly PlacedValue[], statement: Statement, former?: StatementTemplate) {
    this.shape = shapeOf(placed);
    const formerWidths = former?.gaps.filter(({ kind }) => kind === 'number').map(({ width }) => width) ?? [];
    const gaps: Gap[] = [];
    let written = '';
    let copied = 0;
    for (const { column, at, text } of placed) {
      const { rule, holder, name } = column;
      const kind = text === undefined ? 'constant' : rule.type === 'int64' ? 'number' : kindOfText(rule.type);
      const limits = rule.type === 'int64' ? rule : { min: 0, max: 0 };
      const common = { holder, name, kind, min: limits.min, max: limits.max } as const;
      if (text === undefined || kind === 'constant') {
        const source = holder === undefined ? statement : (statement as unknown as Facts)[holder];
        const value = (source as Facts | undefined)?.[name];
        gaps.push({ ...common, at: 0, width: 0, pattern: undefined, last: value });
        continue;
      }
      written += json.slice(copied, at);
      copied = at + text.length;
      const width = kind === 'number' ? Math.max(text.length, formerWidths.shift() ?? 0) : text.length;
      const pattern = rule.type === 'string' ? rule.pattern : undefined;
      gaps.push({ ...common, at: written.length, width, pattern, last: UNWRITTEN });
      written += text.padStart(width);
    }
    this.gaps = gaps;
    this.bytes = Buffer.from(written + json.slice(copied), 'latin1');
  }

  /** Writes the values of `statement`. Returns false for one that is not of this shape, or has a longer number. */
  fill(statement: Statement): boolean {
    const { bytes, gaps } = this;
    const facts = statement as unknown as Facts;
    for (const gap of gaps) {
      const source = gap.holder === undefined ? facts : (facts[gap.holder] as Facts | undefined);
      const value = source?.[gap.name];
      if (value === gap.last) continue;
      if (gap.kind === 'constant') return false;
      gap.last = UNWRITTEN;
      let place = gap.at + gap.width;
      if (gap.kind === 'number') {
        // Written so that NaN fails.
        if (typeof value !== 'number' || !(value >= gap.min && value <= gap.max)) return false;
        let rest = Math.round(value);
        do {
          if (place === gap.at) return false;
          const tenth = Math.floor(rest / 10);
          bytes[--place] = ZERO + (rest - tenth * 10);
          rest = tenth;
        } while (rest > 0);
        while (place > gap.at) bytes[--place] = BLANK;
      } else if (!writeText(bytes, gap, value)) return false;
      gap.last = value;
    }
    return true;
  }
}

/** Returns false for what is no text of the gap's width and form. */
function writeText(bytes: Uint8Array, { at, width, pattern }: Gap, value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== width || pattern?.test(value) !== true) return false;
  for (let i = 0; i < width; i += 1) bytes[at + i] = value.charCodeAt(i);
  return true;
}

/** Enum values and flags are part of a shape; text is written. */
function kindOfText(type: string): 'text' | 'constant' {
  return type === 'string' ? 'text' : 'constant';
}

function shapeOf(placed: readonly PlacedValue[]): string {
  const parts = placed.map(({ column: { rule }, text }) => {
    if (text === undefined) return '';
    if (rule.type === 'int64') return '#';
    return rule.type === 'string' ? String(text.length) : text;
  });
  return parts.join(' ');
}

/** Shapes that one connection's statements may have before the one that was longest out of use is forgotten. */
const MAX_TEMPLATES = 16;

/** The templates of one connection, the one that was used last in front. */
export class StatementTemplates {
  private readonly templates: StatementTemplate[] = [];

  /** The bytes of the log of `statement`, valid until the next call; undefined when there is no template for it. */
  bytesOf(statement: Statement): Buffer | undefined {
    const { templates } = this;
    for (let i = 0; i < templates.length; i += 1) {
      const template = templates[i];
      if (template?.fill(statement) !== true) continue;
      if (i > 0) templates.unshift(...templates.splice(i, 1));
      return template.bytes;
    }
    return undefined;
  }

  /** Learns from a log that was written without a template. */
  learn(json: string, placed: readonly PlacedValue[], statement: Statement): void {
    const shape = shapeOf(placed);
    const place = this.templates.findIndex((template) => template.shape === shape);
    const [former] = place < 0 ? [] : this.templates.splice(place, 1);
    this.templates.unshift(new StatementTemplate(json, placed, statement, former));
    this.templates.splice(MAX_TEMPLATES);
  }
}
