import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const BASELINES = join(__dirname, '..', 'baselines');
const SEEN = join(__dirname, '..', '..', '..', 'coverage', 'screens');
/** Pictures are kept and compared at this part of their size: fonts are drawn differently on every machine. */
const SHRINK = 4;

/** How much of a screen differs from its baseline: the share of its pixels, from 0 to 1. */
export interface Difference {
  readonly share: number;
  /** Where both, and what differs, can be looked at. */
  readonly folder: string;
}

/** Compares a screenshot with the baseline called `name`. UPDATE_SCREENS=1 makes it the baseline. */
export function compareScreen(name: string, screenshot: Buffer): Difference {
  const seen = shrink(PNG.sync.read(screenshot));
  const file = join(BASELINES, `${name}.png`);
  mkdirSync(SEEN, { recursive: true });
  writeFileSync(join(SEEN, `${name}.png`), screenshot);
  if (process.env['UPDATE_SCREENS'] === '1') {
    mkdirSync(BASELINES, { recursive: true });
    writeFileSync(file, PNG.sync.write(seen, { colorType: 2 }));
  }
  if (!existsSync(file)) throw new Error(`There is no baseline ${file}: make it with UPDATE_SCREENS=1`);
  const baseline = PNG.sync.read(readFileSync(file));
  if (baseline.width !== seen.width || baseline.height !== seen.height) return { share: 1, folder: SEEN };
  const difference = new PNG({ width: seen.width, height: seen.height });
  const pixels = pixelmatch(baseline.data, seen.data, difference.data, seen.width, seen.height, { threshold: 0.15 });
  writeFileSync(join(SEEN, `${name}.difference.png`), PNG.sync.write(difference));
  return { share: pixels / (seen.width * seen.height), folder: SEEN };
}

/** Each pixel the mean of a square of pixels. */
function shrink(picture: PNG): PNG {
  const [width, height] = [Math.floor(picture.width / SHRINK), Math.floor(picture.height / SHRINK)];
  const small = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 4; channel += 1) {
        small.data[(y * width + x) * 4 + channel] = meanOf(picture, x * SHRINK, y * SHRINK, channel);
      }
    }
  }
  return small;
}

function meanOf({ data, width }: PNG, left: number, top: number, channel: number): number {
  let sum = 0;
  for (let y = top; y < top + SHRINK; y += 1) {
    for (let x = left; x < left + SHRINK; x += 1) sum += data[(y * width + x) * 4 + channel] ?? 0;
  }
  return Math.round(sum / SHRINK ** 2);
}
