import type { DayFile } from './DayFiles';

/**
 * The files that are past their time, or the oldest beyond `maxBytes`, and from when on there is something then: not
 * before `keptMs`.
 */
export function goingFiles(
  files: readonly DayFile[],
  sizeOf: (file: string) => number,
  { beforeMs, keptMs, maxBytes = Infinity }: { beforeMs: number; keptMs: number; maxBytes: number | undefined },
): { readonly going: readonly DayFile[]; readonly keptMs: number } {
  const going = files.filter(({ toMs }) => toMs < beforeMs);
  const staying = files.filter(({ toMs }) => toMs >= beforeMs);
  let fromMs = Math.max(beforeMs, keptMs);
  let bytes = staying.reduce((sum, { file }) => sum + sizeOf(file), 0);
  for (const oldest of staying) {
    if (bytes <= maxBytes) break;
    bytes -= sizeOf(oldest.file);
    going.push(oldest);
    fromMs = Math.max(fromMs, oldest.toMs + 1);
  }
  return { going, keptMs: fromMs };
}
