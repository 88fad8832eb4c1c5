import type { Page } from 'playwright-core';

/** From its next load on the page takes `nowMs` for now, and hears the same from the collector. Timers run as they do. */
export async function fixedClock(page: Page, nowMs: number): Promise<void> {
  await page.addInitScript(`(() => {
    Date.now = () => ${nowMs};
    const ask = fetch;
    globalThis.fetch = async (...asked) => {
      const response = await ask(...asked);
      if (!response.ok || !String(asked[0]).includes('/api/v1/health?')) return response;
      return new Response(JSON.stringify({ ...(await response.json()), nowMs: ${nowMs} }), response);
    };
  })()`);
}
