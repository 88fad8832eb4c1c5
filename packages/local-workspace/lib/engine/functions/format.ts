import { javaDouble } from './numbers';
import { roundText } from './decimals';
import { failure, MAX_CHARACTERS, tooLarge } from './scalar';

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

/** More digits than that behind a point nobody asks for, and they take long. */
const MAX_DIGITS = 10_000;

interface Specifier {
  flags: string;
  width: number;
  precision: number | undefined;
  letter: string;
}

/** How many bits the whole numbers behind a letter have. */
const BITS: Readonly<Record<string, number | undefined>> = { y: 8, h: 16, i: 32, l: 64 };

/** Text by a pattern of Java's. Each value comes behind a letter: s text, b truth, y, h, i or l whole number, d double, n NULL. */
export function formatText(pattern: string, values: readonly string[]): string {
  let next = 0;
  return pattern.replace(
    SPECIFIER,
    (
      _all,
      index: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      letter: string,
    ) => {
      const specifier = {
        flags,
        width: Number(width ?? 0),
        precision: precision === undefined ? undefined : Number(precision),
        letter,
      };
      if (specifier.width > MAX_CHARACTERS || (specifier.precision ?? 0) > MAX_DIGITS) throw tooLarge();
      if (letter === '%') return padded('%', specifier);
      if (letter === 'n') return '\n';
      const position = index === undefined ? next++ : Number(index) - 1;
      const value = values[position];
      if (value === undefined)
        throw failure('INVALID_PARAMETER_VALUE', '22023', `Format specifier '%${letter}' has no value.`);
      return padded(converted(value, specifier), specifier);
    },
  );
}

function padded(text: string, { flags, width, letter }: Specifier): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (text === 'null' || !flags.includes('0') || !'dxXofeE'.includes(letter)) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function converted(value: string, specifier: Specifier): string {
  const bits = BITS[value[0] ?? ''] ?? 32;
  const kind = Object.hasOwn(BITS, value[0] ?? '') ? 'i' : (value[0] ?? 'n');
  const text = value.slice(1);
  const { letter, precision } = specifier;
  if (kind === 'n') {
    const nothing = letter.toLowerCase() === 'b' ? 'false' : 'null'.slice(0, precision ?? 4);
    return /[A-Z]/.test(letter) ? nothing.toUpperCase() : nothing;
  }
  switch (letter) {
    case 's':
      return precision === undefined ? text : text.slice(0, precision);
    case 'S':
      return text.slice(0, precision ?? text.length).toUpperCase();
    case 'b':
      return kind === 'b' ? text : 'true';
    case 'B':
      return kind === 'b' ? text.toUpperCase() : 'TRUE';
    case 'd':
      return kind === 'i' ? signed(grouped(text, specifier), specifier) : wrong(specifier);
    case 'x':
    case 'X':
    case 'o':
      return kind === 'i' ? prefix(specifier) + radix(text, letter, bits) : wrong(specifier);
    case 'c':
      return kind === 'i' ? String.fromCodePoint(Number(text)) : wrong(specifier);
    case 'f':
      return kind === 'd' ? signed(grouped(fixed(text, precision ?? 6), specifier), specifier) : wrong(specifier);
    case 'e':
    case 'E':
      return kind === 'd' ? signed(scientific(text, precision ?? 6, letter), specifier) : wrong(specifier);
    default:
      throw failure(
        'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
        '0A000',
        `Format specifier '%${letter}' is not supported by the local workspace.`,
      );
  }
}

function wrong({ letter }: Specifier): never {
  throw failure('INVALID_PARAMETER_VALUE', '22023', `Format specifier '%${letter}' does not fit its value.`);
}

function fixed(text: string, digits: number): string {
  if (!/\d/.test(text)) return text;
  const rounded = roundText(text.replace('E', 'e'), digits, 'round');
  return text.startsWith('-') && !rounded.startsWith('-') ? `-${rounded}` : rounded;
}

function scientific(text: string, digits: number, letter: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return javaDouble(value);
  if (digits > 100) {
    throw failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      `Format specifier '%.${digits}${letter}' is not supported by the local workspace.`,
    );
  }
  const result = (Object.is(value, -0) ? '-' : '') + value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  return letter === 'E' ? result.toUpperCase() : result;
}

function grouped(text: string, { flags }: Specifier): string {
  if (!flags.includes(',')) return text;
  const [whole = '', fraction] = text.split('.');
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? parts : `${parts}.${fraction}`;
}

function signed(text: string, { flags }: Specifier): string {
  const isNegative = text.startsWith('-');
  if (flags.includes('(') && isNegative) return `(${text.slice(1)})`;
  if (isNegative) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function prefix({ flags, letter }: Specifier): string {
  return flags.includes('#') ? (letter === 'o' ? '0' : `0${letter}`) : '';
}

/** Negative whole numbers as the bits they are; 32 of them when they fit. */
function radix(text: string, letter: string, bits: number): string {
  const value = BigInt(text);
  const digits = BigInt.asUintN(bits, value).toString(letter === 'o' ? 8 : 16);
  return letter === 'X' ? digits.toUpperCase() : digits;
}
