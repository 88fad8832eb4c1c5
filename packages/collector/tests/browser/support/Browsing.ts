import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { fixedClock } from './fixedClock';

export interface Visit {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly reducedMotion?: boolean;
  /** Zone of the browser; UTC when not given, so that times can be read. */
  readonly timezone?: string;
  /** Milliseconds since the epoch that the page takes for now; null: a clock that runs. */
  readonly nowMs?: number | null;
  /** What the page does every few seconds it does ten times as often: nobody waits for it. */
  readonly hurried?: boolean;
}

/** A page, and all that went wrong in it. */
export interface Visited {
  readonly page: Page;
  /** Errors of the console, exceptions, answers that failed, requests to anywhere but the collector. */
  readonly troubles: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
  /** Goes to another hash, as a link does, and waits until all of it is there. */
  go(hash: string): Promise<void>;
  close(): Promise<void>;
}

let started: Promise<Browser> | undefined;
// The screenshots are made without mocha.
if (typeof after === 'function') after(endBrowser);

const HURRIED =
  '{ const every = setInterval; globalThis.setInterval = (act, ms, ...more) => every(act, ms / 10, ...more); }';

/** One process for all tests: what a visitor has left behind, the next one does not find. */
function startBrowser(): Promise<Browser> {
  return (started ??= chromium.launch({
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
  }));
}

export async function endBrowser(): Promise<void> {
  await (await started)?.close();
  started = undefined;
}

/** The visits of the tests of a file; each of a visitor of its own, who remembers nothing. */
export class Browsing {
  private readonly contexts = new Set<BrowserContext>();

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Browsing> {
    return new Browsing(await startBrowser());
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
    this.contexts.add(context);
    const page = await context.newPage();
    if (visit.nowMs != null) await fixedClock(page, visit.nowMs);
    if (visit.hurried === true) await page.addInitScript(HURRIED);
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
    return {
      page,
      troubles,
      requests,
      go: async (next) => {
        await page.evaluate(`location.hash = ${JSON.stringify(next)}`);
        await settled(page);
      },
      close: async () => {
        this.contexts.delete(context);
        await context.close();
      },
    };
  }

  /** Ends the visits that are not over. */
  async close(): Promise<void> {
    if (!this.browser.isConnected()) return;
    await Promise.all([...this.contexts].map((context) => context.close()));
    this.contexts.clear();
  }
}

// Run in the page, where TypeScript's types of Node.js do not apply.
const NOTHING_IS_AWAITED =
  "document.querySelector('main h1, form') !== null && document.querySelector('.waiting, .stale') === null && " +
  "document.fonts.status === 'loaded'";
// Effects run in a task after the frame in which they were wanted.
const TWO_FRAMES = `new Promise((resolve) => {
  const frame = (then) => requestAnimationFrame(() => setTimeout(then));
  frame(() => frame(resolve));
})`;

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
