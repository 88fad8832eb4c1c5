import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TelemetryOptions } from 'databricks-sql-telemetry';
import { expectAccounted } from '../support/accounts';
import { query } from '../support/application';
import { HttpCollector } from '../support/HttpCollector';
import type { Experiments, Laboratory } from './Laboratory';

/** What is left of a session that could not be sent: files on disk, and records that found no room beside 64 KB. */
async function spoolOf(
  lab: Laboratory,
  options: TelemetryOptions,
  isOn = true,
): Promise<{ readonly files: number; readonly crowdedOut: number }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spool-'));
  const othersFile = 'telemetry-0000000000000000-00000000-1-000000000000-1.spool';
  writeFileSync(path.join(directory, othersFile), ' '.repeat(65_000));
  lab.workspace.faults.add({ route: 'telemetry-ext', status: 503 });
  const client = await lab.connect({ ...options, telemetrySpoolDirectory: isOn ? directory : '' });
  const opened = await client.openSession();
  await query(opened);
  await client.close();
  const stats = client.getTelemetryStats();
  expectAccounted(stats);
  const files = readdirSync(directory).length - 1;
  rmSync(directory, { recursive: true });
  return { files, crowdedOut: stats.dropped.queue_full };
}

/** Options that say where it goes. */
export const whereTo = (lab: Laboratory): Experiments => ({
  telemetryEndpoint: {
    title: 'where telemetry goes',
    measure: async (options) => {
      const collector = await HttpCollector.start();
      const endpoints = { workspace: undefined, text: collector.url, URL: new URL(collector.url) };
      const endpoint = endpoints[options.telemetryEndpoint as keyof typeof endpoints];
      await lab.session({ telemetryEndpoint: endpoint }, async () => undefined);
      await collector.close();
      return [lab.posts(), collector.requests.length];
    },
    seen: [
      ['workspace', [1, 0]],
      ['text', [0, 1]],
      ['URL', [0, 1]],
    ],
  },
  telemetryEndpointToken: {
    title: 'with which token a collector of one’s own is addressed',
    measure: async (options) => {
      const collector = await HttpCollector.start();
      await lab.session({ ...options, telemetryEndpoint: collector.url }, async () => undefined);
      await collector.close();
      return collector.requests.map(({ headers }) => headers.authorization);
    },
    seen: [
      ['one', ['Bearer one']],
      ['two', ['Bearer two']],
    ],
  },
  telemetryServiceName: {
    title: 'what the application calls itself towards a collector',
    measure: async (options) => {
      const collector = await HttpCollector.start();
      await lab.session({ ...options, telemetryEndpoint: collector.base }, async () => undefined);
      await collector.close();
      const [question] = collector.questions;
      return (JSON.parse(question?.body ?? '{}') as { service?: unknown }).service;
    },
    seen: [
      ['checkout', 'checkout'],
      ['pricing', 'pricing'],
    ],
  },
  telemetryCompression: {
    title: 'whether bodies leave compressed to workspace and collector',
    measure: async (options) => {
      const collector = await HttpCollector.start();
      await lab.session(options, (opened) => query(opened));
      await lab.session({ ...options, telemetryEndpoint: collector.url }, (opened) => query(opened));
      await collector.close();
      const toWorkspace = lab.workspace.received.requests({ route: 'telemetry-ext' });
      return [toWorkspace, collector.requests].map(([first]) => first?.headers['content-encoding']);
    },
    seen: [
      ['auto', [undefined, 'gzip']],
      ['gzip', ['gzip', 'gzip']],
      ['NONE', [undefined, undefined]],
    ],
  },
  telemetryFile: {
    title: 'whether records are written to a file, of the process where the name says so',
    measure: async (options) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'telemetry-file-'));
      const telemetryFile = options.telemetryFile === '' ? '' : path.join(folder, String(options.telemetryFile));
      await lab.session({ telemetryFile, telemetryEnabled: false }, (opened) => query(opened));
      const written = readdirSync(folder).map((name) => [
        name.replace(String(process.pid), 'pid'),
        readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n').length,
      ]);
      rmSync(folder, { recursive: true });
      return [lab.posts(), written];
    },
    seen: [
      ['', [0, []]],
      ['statements.jsonl', [0, [['statements.jsonl', 3]]]],
      ['%p.jsonl', [0, [['pid.jsonl', 3]]]],
    ],
  },
  telemetrySpoolDirectory: {
    title: 'where what could not be sent outlives the process',
    measure: async ({ telemetrySpoolDirectory }) => (await spoolOf(lab, {}, telemetrySpoolDirectory !== '')).files,
    seen: [
      ['', 0],
      ['a directory', 1],
    ],
  },
  telemetrySpoolMaxBytes: {
    title: 'how much of it',
    measure: async (options) => (await spoolOf(lab, options)).crowdedOut > 0,
    seen: [
      [65_536, true],
      [16_777_216, false],
    ],
  },
});
