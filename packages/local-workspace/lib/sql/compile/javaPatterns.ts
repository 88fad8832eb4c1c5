import { SqlError, unsupported } from '../SqlError';

/** A pattern of Java's as one of RE2's. */
export interface ReadyPattern {
  readonly re2: string;
  /** What a text holds about which the two disagree, as a pattern of RE2's; undefined when there is nothing. */
  readonly unsure?: string;
}

/** What RE2 lacks of Java's patterns: looking around, back references, possessive quantifiers, classes that intersect. */
const BEYOND = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+|&&|\\[GZXRhHNVc]|\\p\{(?:Is|In|java)|\{\d{4,}/;

const PART =
  /\(\?[A-Za-z-]+[):]|\(\?<(?=[A-Za-z])|\\[pP]\{\w+\}|\\x\{[0-9a-fA-F]+\}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\0[0-3]?[0-7]{1,2}|\\Q.*?(?:\\E|$)|\\.?|[^]/gsu;

/** ASCII classes by the names that Java has for them. */
const POSIX = /^\\(p|P)\{(Alpha|Digit|Alnum|Upper|Lower|Punct|Graph|Print|Blank|Cntrl|XDigit|Space)\}$/;

const CATEGORY = /^\\[pP]\{(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfo]?)\}$/;

const LINE_END = '\\n\\r\\x{85}\\x{2028}\\x{2029}';
const SPACE = '\\t\\n\\x0B\\f\\r ';

interface Reading {
  isInClass: boolean;
  /** A dot takes ends of lines, too. */
  dotAll: boolean;
  multiline: boolean;
  ignoresCase: boolean;
  /** Only whether there is a match is asked. */
  readonly decides: boolean;
  readonly unsure: Set<string>;
}

/**
 * A literal pattern of Java's as one of RE2's. Throws for what it cannot express. `decides`: the caller asks whether it
 * matches, and not where.
 */
export function translatedPattern(pattern: string, decides = false): ReadyPattern {
  const beyond = BEYOND.exec(pattern.replace(/\\\\/g, ''));
  if (beyond) throw unsupported(`The part ${beyond[0]} of a regular expression`);
  if (/\{(?!\d+(?:,\d*)?\})/.test(pattern.replace(/\\[pP]\{\w+\}|\\x\{\w+\}|\\.|\[[^\]]*\]/gs, '')))
    throw invalid(pattern);
  const reading: Reading = {
    isInClass: false,
    dotAll: false,
    multiline: false,
    ignoresCase: false,
    decides,
    unsure: new Set(),
  };
  let re2 = '';
  for (const [part] of pattern.matchAll(PART)) re2 += partOf(part, reading, re2 === '');
  if (reading.ignoresCase) {
    if (/[^\0-\x7f]|\\[ux]/.test(pattern))
      throw unsupported('A regular expression that ignores the case of other letters than ASCII');
    // RE2 takes them for the letters s and k.
    reading.unsure.add('[\u017f\u212a]');
  }
  return reading.unsure.size === 0 ? { re2 } : { re2, unsure: [...reading.unsure].join('|') };
}

function invalid(pattern: string): SqlError {
  return new SqlError(
    'INVALID_PARAMETER_VALUE.PATTERN',
    '22023',
    `The value of the parameter \`regexp\` is invalid: '${pattern}'.`,
  );
}

function partOf(part: string, reading: Reading, isFirst: boolean): string {
  if (part === '[' && reading.isInClass) throw unsupported('A class inside of a class of a regular expression');
  if (part === '[') reading.isInClass = true;
  else if (part === ']') reading.isInClass = false;
  if (part.startsWith('\\')) return escaped(part, reading);
  if (reading.isInClass) return part;
  if (part.startsWith('(?')) return opened(part, reading, isFirst);
  if (part === '.' && !reading.dotAll) return `[^${LINE_END}]`;
  return part === '$' ? endOfText(reading) : part;
}

/** Java's `$` is before the end of a last line, too. */
function endOfText({ multiline, decides, unsure }: Reading): string {
  if (!multiline && decides) return `(?:\\r\\n|[${LINE_END}])?\\z`;
  unsure.add(multiline ? '[\\r\\x{85}\\x{2028}\\x{2029}]' : `[${LINE_END}]\\z`);
  return '$';
}

/** `(?i)` and `(?<name>`. */
function opened(part: string, reading: Reading, isFirst: boolean): string {
  if (part === '(?<') return '(?P<';
  const flags = part.slice(2, -1);
  const isForAll = isFirst && part.endsWith(')');
  if (!(isForAll ? /^[ims]*$/ : /^-?i*$/).test(flags)) throw unsupported(`The part ${part} of a regular expression`);
  if (flags.includes('i')) reading.ignoresCase = true;
  if (flags.includes('m')) reading.multiline = true;
  if (flags.includes('s')) reading.dotAll = true;
  return part;
}

const SIMPLE: Readonly<Record<string, string | undefined>> = {
  '\\s': SPACE,
  '\\v': LINE_END.replace('\\r', '\\x0B\\f\\r'),
  '\\e': '\\x1B',
};

function escaped(part: string, reading: Reading): string {
  const simple = Object.hasOwn(SIMPLE, part) ? SIMPLE[part] : undefined;
  if (simple !== undefined) return reading.isInClass || part === '\\e' ? simple : `[${simple}]`;
  if (part === '\\S' && !reading.isInClass) return `[^${SPACE}]`;
  if (/^\\[bB]$/.test(part)) reading.unsure.add('[^\\x00-\\x7F]');
  if (part.startsWith('\\u') && part.length > 2) return `\\x{${part.slice(2)}}`;
  if (part.startsWith('\\0') && part.length > 2) return `\\x{${parseInt(part.slice(2), 8).toString(16)}}`;
  return /^\\[pP]\{/.test(part) ? property(part, reading) : part;
}

function property(part: string, { isInClass }: Reading): string {
  const [, letter, posix] = POSIX.exec(part) ?? [];
  if (posix !== undefined) {
    const named = `[:${letter === 'P' ? '^' : ''}${posix.toLowerCase()}:]`;
    return isInClass ? named : `[${named}]`;
  }
  if (CATEGORY.test(part)) return part;
  if (/\{(?:ASCII|L[CD1]|all|Cn|Cs)\}/.test(part)) throw unsupported(`The part ${part} of a regular expression`);
  throw invalid(part);
}
