import { mkdirSync, realpathSync } from 'node:fs';
import type { LiveHealth } from './api/Endpoint';
import { Live } from './api/Live';
import { atMost } from './atMost';
import { engineOf } from './engineOptions';
import { apiRoutes } from './api/routes';
import { storeRefusal } from './api/storeRefusal';
import { Access } from './http/Access';
import { ByteBudget } from './http/ByteBudget';
import { HistoryPuller, type PullerParts } from './history/HistoryPuller';
import { historyIntervalMs } from './history/options';
import { warehouseHistory } from './history/warehouseHistory';
import { holdFolder } from './heldFolders';
import { HttpServer } from './http/HttpServer';
import { pageRoutes } from './http/page';
import { RateLimit } from './http/RateLimit';
import { Router, type Route } from './http/Router';
import { settingsOf, type CollectorOptions, type Settings } from './options';
import { Metrics } from './out/Metrics';
import { Otlp } from './out/Otlp';
import { Receiver } from './receive/Receiver';
import { Retention } from './Retention';
import { serviceRoutes } from './serviceRoutes';
import { ConfigurationFile } from './steering/ConfigurationFile';
import { SharedConfiguration } from './steering/SharedConfiguration';
import { Steering } from './steering/Steering';
import { Storage } from './Storage';
import { packageVersion } from './version';

/** A running collector. */
export interface Collector {
  /** Where it answers, e.g. `http://127.0.0.1:4300`. */
  readonly address: string;
  readonly port: number;
  /** Stops taking in, loads what was accepted, closes. Idempotent. */
  close(): Promise<void>;
}

/** For answers that are under way. */
const GRACE_MS = 5_000;
/** A warehouse that says nothing does not hold up the end. */
const SILENT_MS = 5_000;

/**
 * Starts a collector. Rejects with an OptionError for a wrong option, and with what is in the way when the data folder
 * is in use or was written by a newer release.
 */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const settings = settingsOf(options);
  void engineOf(settings);
  const access = new Access(settings);
  mkdirSync(settings.data, { recursive: true, mode: 0o700 });
  // By the name that it has alone: another one may be a link to it.
  const folder = realpathSync(settings.data);
  const giveBack = holdFolder(folder);
  try {
    const collector = await start({ ...settings, data: folder }, access, new ConfigurationFile(folder));
    return { ...collector, close: () => collector.close().finally(giveBack) };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function start(settings: Settings, access: Access, configuration: ConfigurationFile): Promise<Collector> {
  const { log } = settings;
  const [startedMs, version] = [Date.now(), packageVersion()];
  const metrics = new Metrics();
  const otlp = settings.otlpEndpoint === undefined ? undefined : new Otlp(settings.otlpEndpoint, settings, version);
  // Those that are told of what is loaded are there before it; they ask back only later.
  const live = new Live({
    onWatched: (watched) => storage.store.watch(watched || otlp !== undefined),
    health: () => liveHealth(),
    newest: async (selection, limit) =>
      (await storage.store.query('statements', { selection, order: 'time', limit, cursor: undefined, retried: false }))
        .statements,
  });
  const puller = pullerOf(settings, (rows) => storage.store.addHistory(rows));
  const storage = await Storage.open(settings, (report) => {
    live.loaded(report);
    otlp?.loaded(report);
    metrics.duplicates(report.duplicate);
  });
  const { store, journal } = storage;
  if (otlp !== undefined) store.watch(true);
  const shared = settings.store === 'duckdb' ? configuration : new SharedConfiguration(configuration, store);
  const steering = new Steering(shared);
  const liveHealth = async (): Promise<LiveHealth> => ({
    ...(await storage.health()),
    senders: steering.senderCount,
    nowMs: Date.now(),
    startedMs,
    version,
  });
  const retention = new Retention(store, settings);
  const budget = new ByteBudget(settings.maxHeldBytes);
  const limits = { maxBytes: settings.maxBodyBytes, maxDecodedBytes: settings.maxDecodedBytes };
  const receiver = new Receiver(journal, limits, budget, (batch) => metrics.batch(batch));
  const server = serverOf(settings, access, [
    ...serviceRoutes({ receiver, steering, metrics, liveHealth }),
    ...apiRoutes({ ...settings, store, steering, live, retention, budget, version, liveHealth }),
    ...pageRoutes(),
  ]);
  const port = await server.listen().catch(async (error: unknown) => {
    await storage.close();
    throw error;
  });
  for (const part of [retention, puller, otlp]) part?.start();
  const address = addressOf(settings, port);
  log({ level: 'info', event: 'listening', address, data: settings.data });

  const stop = async (): Promise<void> => {
    live.close();
    await server.close(GRACE_MS);
    await atMost(SILENT_MS, Promise.all([puller?.stop(), retention.stop()]));
    await storage.close();
    await otlp?.stop();
    log({ level: 'info', event: 'stopped' });
  };
  let closing: Promise<void> | undefined;
  return { address, port, close: () => (closing ??= stop()) };
}

function serverOf(settings: Settings, access: Access, routes: readonly Route[]): HttpServer {
  const rate = new RateLimit(settings.requestsPerSecond);
  const secure = settings.tls !== undefined;
  const router = new Router(routes, { ...settings, secure, access, rate, refusalOf: storeRefusal });
  return new HttpServer(settings, (message, response) => router.handle(message, response));
}

/** Undefined when no warehouse is to be asked; throws an OptionError when it cannot be. */
function pullerOf(settings: Settings, add: PullerParts['add']): HistoryPuller | undefined {
  const { history, data: folder, log } = settings;
  if (history === undefined) return undefined;
  const source = warehouseHistory(history);
  return new HistoryPuller({ source, intervalMs: historyIntervalMs(history), folder, add, log });
}

function addressOf({ tls, host }: Settings, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}
