/** A collector whose data folder is on the disk `argv[2]`. Prints its address; takes `fill BYTES`, `free` and `mount OPTIONS FOLDER`. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startCollector } from '../../lib';

const disk = process.argv[2] ?? '';
const ballast = join(disk, 'ballast');
const data = join(disk, 'data');

/** Takes all room but `left` bytes. */
function fill(left: number): void {
  const file = openSync(ballast, 'a');
  const part = Buffer.alloc(4_096, 1);
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    if (bavail * bsize <= left) break;
    writeSync(file, part);
  }
  closeSync(file);
}

async function serve(): Promise<void> {
  mkdirSync(data, { recursive: true });
  const collector = await startCollector({ port: 0, data, recentDays: 1 });
  process.stdout.write(`${collector.address}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, first = '', folder = ''] = line.split(' ');
    if (verb === 'fill') fill(Number(first));
    else if (verb === 'free') rmSync(ballast, { force: true });
    else execFileSync('mount', ['-o', first, join(data, folder), join(data, folder)]);
    process.stdout.write('done\n');
  }
  await collector.close();
}

serve().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exit(1);
});
