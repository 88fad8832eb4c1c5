/*
 * npm run screenshots: the pictures of README and docs/DASHBOARD.md, of a known fleet. Writes them into docs/.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { endBrowser, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { dragHeatmap } from './support/reading';

const DOCS = join(__dirname, '..', '..', '..', '..', 'docs');

interface Picture {
  readonly name: string;
  readonly hash: (dashboard: Dashboard) => string;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page, dashboard: Dashboard) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: 'overview', hash: (dashboard) => dashboard.hash('overview') },
  { name: 'statement', hash: (dashboard) => `#/statement/${slowestOf(dashboard)}` },
  {
    name: 'why',
    hash: () => '#/statements?r=1h',
    async act(page, { fleet: { story } }) {
      const at = (ms: number): number => 1 - (story.endMs - ms) / 3_600_000;
      await dragHeatmap(page, [at(story.coldStart.fromMs) - 0.01, 0.02], [at(story.coldStart.toMs) + 0.03, 0.2]);
      await page.mouse.move(0, 0);
    },
  },
  { name: 'compare', hash: (dashboard) => dashboard.hash('compare', { 'f.service': 'pricing-engine' }) },
  {
    name: 'configuration',
    hash: () => '#/configuration?service=checkout-api',
    async act(page) {
      await page.getByRole('switch', { name: 'Telemetry' }).click();
    },
  },
];

function slowestOf({ fleet: { statements, story } }: Dashboard): string {
  return (
    statements.find(({ timeMs, service }) => timeMs === story.slowFile.atMs && service === story.slowFile.service)
      ?.id ?? ''
  );
}

async function main(): Promise<void> {
  const dashboard = await Dashboard.start();
  for (const { name, hash, act } of PICTURES) {
    const { page, close } = await dashboard.open(hash(dashboard));
    await act?.(page, dashboard);
    await settled(page);
    const file = join(DOCS, `dashboard-${name}.png`);
    writeFileSync(file, await page.screenshot());
    process.stdout.write(`${file}\n`);
    await close();
  }
  await dashboard.end();
  await endBrowser();
}

void main();
