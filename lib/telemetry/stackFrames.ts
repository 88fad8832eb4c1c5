const MAX_FRAMES = 10;
const MAX_STACK_CHARACTERS = 32_768;
const MAX_LINE_CHARACTERS = 1024;

/** Packages whose frames may leave, by the directory they are installed in. */
const PACKAGES = ['@databricks/sql', 'databricks-sql-telemetry'] as const;

/** File and line inside a package; a dependency nested in it or a parent directory does not fit. */
const FILE_AND_LINE = /^((?:dist|thrift|native)\/(?:[\w-]{1,64}\/){0,8}[\w.-]{1,64}\.[cm]?js:\d{1,7})(?::\d{1,7})?\)?$/;

/**
 * The frames of driver and library code in a stack, relative to their package, e.g.
 * `at @databricks/sql/dist/DBSQLOperation.js:123`: at most ten. The text of the error, which stands at the head of its
 * stack, is not searched when `message` is given. Linear in the first 32 KB of the stack; never throws.
 */
export function driverFrames(stack: string | undefined, message?: string): string[] {
  if (stack === undefined) return [];
  const start = message ? endOf(message, stack) : 0;
  const lines = stack.slice(start, start + MAX_STACK_CHARACTERS).split('\n');
  const frames: string[] = [];
  for (const line of lines) {
    const frame = line.length > MAX_LINE_CHARACTERS ? undefined : packageFrame(line);
    if (frame !== undefined && frames.push(frame) === MAX_FRAMES) break;
  }
  return frames;
}

function endOf(message: string, stack: string): number {
  const at = stack.indexOf(message);
  return at < 0 ? 0 : at + message.length;
}

/** One line of a stack as it may leave; undefined for a frame of other code and for any other text. */
function packageFrame(line: string): string | undefined {
  if (!line.startsWith('    at ')) return undefined;
  const path = line.trimEnd().replaceAll('\\', '/');
  for (const name of PACKAGES) {
    const directory = `/node_modules/${name}/`;
    const at = path.lastIndexOf(directory);
    const match = at < 0 ? null : FILE_AND_LINE.exec(path.slice(at + directory.length));
    if (match !== null) return `at ${name}/${match[1]}`;
  }
  return undefined;
}
