import type { Page } from 'playwright-core';

/** From now on the page hears what `change` makes of the collector's answers to requests that `glob` fits. */
export async function changeAnswers(page: Page, glob: string, change: (answer: object) => unknown): Promise<void> {
  await page.route(glob, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as object) });
    } catch {
      // The page was closed meanwhile, or the collector is away.
      await route.abort().catch(() => undefined);
    }
  });
}
