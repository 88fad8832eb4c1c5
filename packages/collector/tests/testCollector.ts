import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectorClient, startCollector, type Collector, type CollectorOptions } from 'databricks-telemetry-collector';

export interface TestCollector {
  readonly collector: Collector;
  readonly client: CollectorClient;
  readonly data: string;
  /** Closes it and starts another one on the same data. */
  restart(options?: CollectorOptions): Promise<TestCollector>;
  /** Closes it and removes its data. */
  end(): Promise<void>;
}

export async function testCollector(
  options: CollectorOptions = {},
  data = mkdtempSync(join(tmpdir(), 'collector-')),
): Promise<TestCollector> {
  const collector = await startCollector({ port: 0, data, ...options });
  return {
    collector,
    client: new CollectorClient(collector.address),
    data,
    async restart(again = options) {
      await collector.close();
      return testCollector(again, data);
    },
    async end() {
      await collector.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export interface Verdict {
  readonly errors: string[];
  readonly numProtoSuccess: number;
}

/** Posts `logs` as a driver would. */
export async function post(
  address: string,
  logs: readonly (object | string)[],
  { path = '/telemetry-ext', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const protoLogs = logs.map((log) => (typeof log === 'string' ? log : JSON.stringify(log)));
  return fetch(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ uploadTime: Date.now(), items: [], protoLogs }),
  });
}

/** Posts and expects that all of it is taken. */
export async function deliver(address: string, logs: readonly (object | string)[]): Promise<void> {
  const response = await post(address, logs);
  const { numProtoSuccess } = (await response.json()) as Verdict;
  if (numProtoSuccess !== logs.length) throw new Error(`${numProtoSuccess} of ${logs.length} logs were taken`);
}

/** What `ask` gives as soon as it satisfies `when`; fails after `withinMs`. */
export async function until<T>(ask: () => Promise<T>, when: (value: T) => boolean, withinMs = 60_000): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (when(value)) return value;
    if (Date.now() > deadlineMs) throw new Error(`Still ${JSON.stringify(value).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the store holds what was received. */
export async function loaded(client: CollectorClient, logs: number): Promise<void> {
  await until(
    () => client.health({ from: 0 }),
    ({ accepted, duplicate }) => accepted + duplicate >= logs,
  );
}

/** Files in `folder`, at any depth, that hold `text` as it is. */
export function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text));
}
