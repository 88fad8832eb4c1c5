import type { Service, Version } from './services';

/** What happened to the fleet, in times before its end. A page that shows the fleet must show these. */
export interface Story {
  readonly startMs: number;
  readonly endMs: number;
  /** `pricing-engine` goes to a new driver and Node.js, and is six times slower from then on. */
  readonly deploy: {
    readonly atMs: number;
    readonly service: string;
    readonly version: Version;
    readonly factor: number;
  };
  /** `bi-export` looks for a table that is not there. */
  readonly burst: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly service: string;
    readonly failures: number;
  };
  /** `batch-m` answers 503 and 429. */
  readonly storm: { readonly fromMs: number; readonly toMs: number; readonly warehouse: string };
  /** `batch-m` was stopped and has to start: what runs there waits for it. */
  readonly coldStart: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly warehouse: string;
    readonly statements: number;
  };
  /** The slowest statement of the last hour: one of its files took most of the time. */
  readonly slowFile: { readonly atMs: number; readonly service: string; readonly fileMs: number };
}

const MINUTE_MS = 60_000;

export function storyOf(endMs: number, hours: number): Story {
  const before = (minutes: number): number => endMs - minutes * MINUTE_MS;
  return {
    startMs: before(hours * 60),
    endMs,
    deploy: {
      atMs: before(168),
      service: 'pricing-engine',
      version: { driver: '2.1.0', runtime: 'v22.12.0' },
      factor: 6,
    },
    burst: { fromMs: before(266), toMs: before(249), service: 'bi-export', failures: 104 },
    storm: { fromMs: before(82), toMs: before(63), warehouse: 'batch-m' },
    coldStart: { fromMs: before(25), toMs: before(20), warehouse: 'batch-m', statements: 60 },
    slowFile: { atMs: before(12), service: 'bi-export', fileMs: 71_300 },
  };
}

/** Which version the service runs at a moment. */
export function versionAt({ deploy }: Story, service: Service, timeMs: number): Version {
  return service.name === deploy.service && timeMs >= deploy.atMs ? deploy.version : service.version;
}

export const within = (timeMs: number, { fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
  timeMs >= fromMs && timeMs < toMs;
