import { makeFleet, type Fleet } from '../../fleet/Fleet';
import { fill } from '../../fleet/fill';
import { testCollector, type TestCollector } from '../../testCollector';
import { Browsing, settled, type Visit, type Visited } from './Browsing';

const DAY_MS = 86_400_000;
/** Yesterday at 14:30 UTC: pictures show the same times of day whenever they are made. */
const END_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + 52_200_000;

let common: Promise<Dashboard> | undefined;
// The screenshots are made without mocha.
if (typeof after === 'function') after(async () => (await common)?.end());

/** A collector full of a known fleet, and a browser that looks at it. */
export class Dashboard {
  private constructor(
    readonly test: TestCollector,
    readonly fleet: Fleet,
    private readonly browsing: Browsing,
  ) {}

  /** The one that all files of tests look at; nobody changes what it holds. It is there until the last one is through. */
  static shared(): Promise<Dashboard> {
    return (common ??= Dashboard.start());
  }

  static async start(): Promise<Dashboard> {
    const [test, browsing] = await Promise.all([testCollector(), Browsing.start()]);
    const fleet = makeFleet(END_MS);
    await fill(test.collector.address, test.client, fleet);
    return new Dashboard(test, fleet, browsing);
  }

  /** The parameters of the six hours that end with the fleet. */
  get window(): { readonly from: number; readonly to: number } {
    const { endMs } = this.fleet.story;
    return { from: endMs - 6 * 3_600_000, to: endMs };
  }

  /** The hash of a page about these six hours. */
  hash(page: string, parameters: Readonly<Record<string, string>> = {}): string {
    const { from, to } = this.window;
    return `#/${page}?${new URLSearchParams({ from: String(from), to: String(to), ...parameters }).toString()}`;
  }

  /** Opens a page and waits until all of it is there. */
  async open(hash: string, visit: Visit = {}): Promise<Visited> {
    const nowMs = this.fleet.story.endMs;
    const visited = await this.browsing.visit(this.test.collector.address, hash, { nowMs, ...visit });
    await settled(visited.page);
    return visited;
  }

  async end(): Promise<void> {
    await this.browsing.close();
    await this.test.end();
  }
}
