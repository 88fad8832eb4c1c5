import type { Page } from 'playwright-core';
import { settled } from './Browsing';

/** The cells of the row that begins with `first`, in the table called `table`. */
export async function rowOf(page: Page, table: string, first: string): Promise<string[]> {
  const rows = page.getByRole('region', { name: table, exact: true }).locator('tbody tr');
  const found = rows.filter({ has: page.locator('td:first-child', { hasText: first }) }).first();
  return (await found.locator('td').allInnerTexts()).map((text) => text.trim());
}

/** What a card that is called `title` says. */
export async function cardText(page: Page, title: string): Promise<string> {
  const heading = page.getByRole('heading', { name: title, exact: true });
  return page.locator('section', { has: heading }).first().innerText();
}

/** The large figures of the page, by their names: figure, unit and note. */
export async function figures(page: Page): Promise<Map<string, string>> {
  const texts = await page.locator('.kpi').allInnerTexts();
  return new Map(
    texts.map((text) => {
      const [name = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
      return [name.trim(), rest.join(' ').trim()];
    }),
  );
}

/** A count as the page writes it. */
export const written = (count: number): string => new Intl.NumberFormat('en').format(count);

/** Drags in the heatmap from one corner to another, in parts of its width and height. */
export async function dragHeatmap(
  page: Page,
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
): Promise<void> {
  const box = await page.locator('.plot .over').first().boundingBox();
  if (box === null) throw new Error('There is no heatmap');
  const at = ([x, y]: readonly [number, number]): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
  await settled(page);
}
