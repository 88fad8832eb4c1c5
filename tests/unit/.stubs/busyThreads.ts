import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Keeps all threads of the process's pool busy, with pipes that nobody writes to, until the result is called. */
export async function keepThreadsBusy(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pipes-'));
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const pipes = Array.from({ length: threads }, (_, index) => path.join(folder, String(index)));
  execFileSync('mkfifo', pipes);
  const reading = pipes.map((pipe) => open(pipe, 'r'));
  return async () => {
    // A thread may not have come to its pipe yet: to open that one for both never fails.
    const ends = pipes.map((pipe) => openSync(pipe, constants.O_RDWR));
    for (const file of await Promise.all(reading)) await file.close();
    ends.forEach(closeSync);
    rmSync(folder, { recursive: true });
  };
}
