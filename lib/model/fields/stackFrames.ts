const MAX_FRAMES = 10;
const MAX_STACK_CHARACTERS = 32_768;
const MAX_LINE_CHARACTERS = 1024;

/** Packages whose frames may leave, by the directory they are installed in. */
const PACKAGES = ['@databricks/sql', 'databricks-sql-telemetry'] as const;

/**
 * File and line inside a package; a dependency nested in it or a parent directory does not fit. With source maps on, the
 * driver's files are `lib/….ts`.
 */
const FILE_AND_LINE =
  /^((?:dist|lib|thrift|native)\/(?:[\w-]{1,64}\/){0,8}[\w.-]{1,64}\.[cm]?[jt]s:\d{1,7})(?::\d{1,7})?\)?$/;

const FRAME = '    at ';

/**
 * The frames of driver and library code in a stack, relative to their package, e.g.
 * `at @databricks/sql/dist/DBSQLOperation.js:123`: at most ten. Text of the error, which stands at the head of its stack,
 * is none of them, even if it looks like one: what stands before the last line that is no frame, and the whole stack of
 * an error whose text is not `message` any more. Linear in the first 32 KB after the text; never throws.
 */
export function driverFrames(stack: string | undefined, message?: string): string[] {
  if (stack === undefined) return [];
  const start = message === undefined ? 0 : endOfText(stack, message);
  if (start === undefined) return [];
  const lines = stack
    .slice(start, start + MAX_STACK_CHARACTERS)
    .trimEnd()
    .split('\n');
  const frames: string[] = [];
  for (const line of lines.slice(lines.findLastIndex((candidate) => !candidate.startsWith(FRAME)) + 1)) {
    const frame = line.length > MAX_LINE_CHARACTERS ? undefined : packageFrame(line);
    if (frame !== undefined && frames.push(frame) === MAX_FRAMES) break;
  }
  return frames;
}

/** Where the text ends at the head of a stack; undefined when the head holds another one: it was changed later. */
function endOfText(stack: string, message: string): number | undefined {
  const firstLineEnd = stack.search(/\n|$/);
  if (message === '') return stack.slice(0, firstLineEnd).includes(': ') ? undefined : firstLineEnd;
  const at = stack.indexOf(message);
  if (at < 0 || at > firstLineEnd) return undefined;
  const end = at + message.length;
  return end === stack.length || stack[end] === '\n' ? end : undefined;
}

/** One line of a stack as it may leave; undefined for a frame of other code and for any other text. */
function packageFrame(line: string): string | undefined {
  const path = line.trimEnd().replaceAll('\\', '/');
  for (const name of PACKAGES) {
    const directory = `/node_modules/${name}/`;
    const at = path.lastIndexOf(directory);
    const match = at < 0 ? null : FILE_AND_LINE.exec(path.slice(at + directory.length));
    if (match !== null) return `at ${name}/${match[1]}`;
  }
  return undefined;
}
