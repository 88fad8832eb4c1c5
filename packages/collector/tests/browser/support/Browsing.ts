import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { changeAnswers } from './changeAnswers';

export interface Visit {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly reducedMotion?: boolean;
  /** Zone of the browser; UTC when not given, so that times can be read. */
  readonly timezone?: string;
  /** Milliseconds since the epoch that the page takes for now; null: a clock that runs. */
  readonly nowMs?: number | null;
}

/** A page, and all that went wrong in it. */
export interface Visited {
  readonly page: Page;
  /** Errors of the console, exceptions, answers that failed, requests to anywhere but the collector. */
  readonly troubles: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** One browser for the tests of a file; a visitor of its own for each visit, who remembers nothing. */
export class Browsing {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Browsing> {
    const browser = await chromium.launch({
      executablePath: process.env['BROWSER'] ?? '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
      ],
    });
    return new Browsing(browser);
  }

  async visit(address: string, hash = '', visit: Visit = {}): Promise<Visited> {
    const options: BrowserContextOptions = {
      viewport: { width: visit.width ?? 1440, height: visit.height ?? 900 },
      colorScheme: visit.dark === true ? 'dark' : 'light',
      reducedMotion: visit.reducedMotion === false ? 'no-preference' : 'reduce',
      timezoneId: visit.timezone ?? 'UTC',
      locale: 'en-GB',
    };
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const { nowMs } = visit;
    if (nowMs != null) {
      await page.clock.setFixedTime(nowMs);
      // The collector's clock shows the same.
      await changeAnswers(page, '**/api/v1/health?**', (health) => ({ ...health, nowMs }));
    }
    const troubles: string[] = [];
    const requests: string[] = [];
    const { origin } = new URL(address);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
    page.on('request', (request) => {
      requests.push(request.url());
      if (!request.url().startsWith(`${origin}/`) && !/^(?:blob|data):/.test(request.url())) {
        troubles.push(`foreign request: ${request.url()}`);
      }
    });
    await page.goto(`${address.replace(/\/$/, '')}/${hash}`);
    return { page, troubles, requests, close: () => context.close() };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

// Run in the page, where TypeScript's types of Node.js do not apply.
const NOTHING_IS_AWAITED =
  "document.querySelector('main h1, form') !== null && document.querySelector('.waiting, .stale') === null && " +
  "document.fonts.status === 'loaded'";
const TWO_FRAMES =
  'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))))';

/** Asks the page until `expression` holds. Its policy keeps out the polling that playwright brings along. */
export async function holds(page: Page, expression: string): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (!(await page.evaluate<boolean>(expression))) {
    if (Date.now() > deadlineMs) throw new Error(`Still not: ${expression}`);
    await sleep(20);
  }
}

/** Until everything that the page waits for is there, and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(TWO_FRAMES);
  await holds(page, NOTHING_IS_AWAITED);
  await page.evaluate(TWO_FRAMES);
}
