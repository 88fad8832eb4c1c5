import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Live } from './api/Live';
import type { LiveHealth } from './api/Endpoint';
import { engineOf } from './engineOptions';
import { apiRoutes } from './api/routes';
import { storeRefusal } from './api/storeRefusal';
import { Access } from './http/Access';
import { ByteBudget } from './http/ByteBudget';
import { HistoryPuller } from './history/HistoryPuller';
import { historyIntervalMs } from './history/options';
import { warehouseHistory } from './history/warehouseHistory';
import { holdFolder } from './heldFolders';
import { HttpServer } from './http/HttpServer';
import { pageRoutes } from './http/page';
import { RateLimit } from './http/RateLimit';
import { Router } from './http/Router';
import { Journal, type JournalOptions } from './journal/Journal';
import { settingsOf, type CollectorOptions, type Settings } from './options';
import { Metrics } from './out/Metrics';
import { Otlp } from './out/Otlp';
import { Progress } from './Progress';
import { Receiver } from './receive/Receiver';
import { Retention } from './Retention';
import { serviceRoutes } from './serviceRoutes';
import { ConfigurationFile } from './steering/ConfigurationFile';
import { SharedConfiguration } from './steering/SharedConfiguration';
import { Steering } from './steering/Steering';
import { failureText } from './store/failureText';
import type { LoadReport } from './store/protocol';
import { StoreThread } from './store/StoreThread';
import { packageVersion } from './version';

/** A running collector. */
export interface Collector {
  /** Where it answers, e.g. `http://127.0.0.1:4300`. */
  readonly address: string;
  readonly port: number;
  /** Stops taking in, loads what was accepted, closes. Idempotent. */
  close(): Promise<void>;
}

const SEGMENT_BYTES = 8 * 2 ** 20;
const MAX_PENDING_BYTES = 64 * 2 ** 20;
const GRACE_MS = 5_000;

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
  const history = settings.history && {
    source: warehouseHistory(settings.history),
    intervalMs: historyIntervalMs(settings.history),
  };
  const startedMs = Date.now();
  const version = packageVersion();
  const journalFolder = join(settings.data, 'journal');
  const progress = new Progress();
  const metrics = new Metrics();
  // Both ends know each other: what is loaded leaves the journal, what is committed goes to the store.
  const late: { journal?: Journal; live?: Live; otlp?: Otlp | undefined } = {};
  mkdirSync(journalFolder, { recursive: true, mode: 0o700 });

  const onLoaded = (report: LoadReport): void => {
    progress.loaded(report, Date.now());
    late.journal?.release(report.position);
    late.live?.loaded(report);
    late.otlp?.loaded(report);
    metrics.duplicates(report.duplicate);
  };
  const stuck = (event: string, message: string): void => {
    progress.stuck(message);
    log({ level: 'error', event, message });
  };
  const store = await StoreThread.start(
    { engine: engineOf(settings), journalFolder, questionTimeoutMs: settings.questionTimeoutMs },
    {
      onLoaded,
      onStuck: (message) => stuck('load_failed', message),
      onPutAside({ rows, file, reason }) {
        progress.putAside(rows);
        log({ level: 'error', event: 'rows_put_aside', rows, file: join(journalFolder, file), message: reason });
      },
      onDied: (error) => stuck('store_died', failureText(error)),
      onReopened() {
        progress.reopened();
        log({ level: 'info', event: 'store_reopened' });
      },
    },
  );
  const steering = new Steering(
    settings.store === 'duckdb' ? configuration : new SharedConfiguration(configuration, store),
  );
  const journal = await openJournal(
    {
      folder: journalFolder,
      maxBytes: settings.journalMaxBytes,
      maxPendingBytes: MAX_PENDING_BYTES,
      segmentBytes: SEGMENT_BYTES,
      onCommit(position) {
        progress.commit(position, Date.now());
        store.committed(position);
      },
    },
    store,
  );
  late.journal = journal;
  let bytes = 0;
  // Also of a store that is being opened again: health is asked for above all then.
  const storeBytes = async (): Promise<number> => (bytes = await store.size().catch(() => bytes));
  const liveHealth = async (): Promise<LiveHealth> => ({
    lagMs: progress.lagMs(Date.now()),
    journal: {
      bytes: journal.bytes,
      maxBytes: settings.journalMaxBytes,
      damaged: progress.damaged,
      putAside: progress.aside,
      failure: journal.failure ?? null,
    },
    store: { bytes: await storeBytes(), failure: progress.failure, failures: progress.failures },
    senders: steering.senderCount,
    nowMs: Date.now(),
    startedMs,
    version,
  });
  const otlp = settings.otlpEndpoint === undefined ? undefined : new Otlp(settings.otlpEndpoint, settings, version);
  const live = new Live((watched) => store.watch(watched || otlp !== undefined), liveHealth);
  late.live = live;
  late.otlp = otlp;
  if (otlp !== undefined) store.watch(true);

  const retention = new Retention(store, settings);
  const puller =
    history && new HistoryPuller({ ...history, folder: settings.data, add: (rows) => store.addHistory(rows), log });
  const limits = { maxBytes: settings.maxBodyBytes, maxDecodedBytes: settings.maxDecodedBytes };
  const budget = new ByteBudget(settings.maxHeldBytes);
  const receiver = new Receiver(journal, limits, budget, (batch) => metrics.batch(batch));
  const routes = [
    ...serviceRoutes({ receiver, steering, metrics, liveHealth }),
    ...apiRoutes({ ...settings, store, steering, live, retention, budget, version, liveHealth }),
    ...pageRoutes(),
  ];
  const rate = new RateLimit(settings.requestsPerSecond);
  const secure = settings.tls !== undefined;
  const router = new Router(routes, { ...settings, secure, access, rate, refusalOf: storeRefusal });
  const server = new HttpServer(settings, (message, response) => router.handle(message, response));
  let port: number;
  try {
    port = await server.listen();
  } catch (error) {
    await journal.close();
    await store.close();
    throw error;
  }
  retention.start();
  puller?.start();
  otlp?.start();
  const address = `${server.secure ? 'https' : 'http'}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  log({ level: 'info', event: 'listening', address, data: settings.data });

  const stop = async (): Promise<void> => {
    live.close();
    await server.close(GRACE_MS);
    await puller?.stop();
    await retention.stop();
    await journal.close();
    await store.close();
    await otlp?.stop();
    log({ level: 'info', event: 'stopped' });
  };
  let closing: Promise<void> | undefined;
  return { address, port, close: () => (closing ??= stop()) };
}

/** The journal behind what `store` holds; without it the store is closed. */
async function openJournal(options: JournalOptions, store: StoreThread): Promise<Journal> {
  try {
    return Journal.open(options, store.position);
  } catch (error) {
    await store.close();
    throw error;
  }
}
