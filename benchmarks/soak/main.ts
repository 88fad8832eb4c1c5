import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { turns } from '../harness/measure';
import { statementId } from '../subjects/official';
import { OurHost } from '../subjects/ourParts';
import { OurPipeline } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';
import { connect, runQuery } from '../workload/clients';
import { withWorkspace } from '../workload/workspace';
import { growths, print, sample, SAMPLES, type Sample } from './samples';

/** One half of the soak test: what was sampled, and what was not flat. */
interface Part {
  readonly samples: readonly Sample[];
  readonly found: readonly string[];
}

const FLAGS =
  '{"flags":[{"name":"databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs","value":"true"}]}';

/** Statements of every kind through the pipeline, against a service in this process that sometimes refuses. */
async function againstStub(statements: number): Promise<Part> {
  let requests = 0;
  const restore = stubTransport(async (_target, { method }) => {
    await turns(1);
    if (method === 'GET') return { ...ACCEPTED, body: FLAGS } as typeof ACCEPTED;
    requests += 1;
    return requests % 50 === 0 ? { kind: 'failed', name: 'Error', code: 'ECONNRESET' } : ACCEPTED;
  });
  const config = { telemetryFlushIntervalMs: 100, telemetryBackoffBaseMs: 1 };
  const host = new OurHost(config);
  const pipeline = new OurPipeline({ aggregator: host.aggregator, config });
  const samples: Sample[] = [];
  for (let part = 0; part < SAMPLES; part += 1) {
    for (let i = 0; i < statements / SAMPLES; i += 1) {
      const observation = pipeline.start(statementId(i), 'session');
      if (i % 10 === 0) {
        for (let index = 0; index < 5; index += 1) {
          pipeline.chunk(observation, index, 12.5, 1000);
        }
      }
      if (i % 20 === 0) pipeline.end(observation, new Error(`failure ${i}`));
      else pipeline.complete(observation, 1);
      if (i % 500 === 0) await turns(3);
    }
    samples.push(await sample(Math.round(((part + 1) * statements) / SAMPLES)));
  }
  const { collected, delivered, lost, pending } = host.counts();
  const accounted = delivered + lost + pending;
  await host.close();
  restore();
  const books = collected === accounted ? [] : [`stub: ${collected} collected, ${accounted} accounted for`];
  return { samples, found: [...growths('stub', samples), ...books] };
}

/** Queries against a local workspace for `minutes`. */
function againstWorkspace(minutes: number): Promise<Part> {
  return withWorkspace(async (workspace) => {
    const client = await connect('ours', workspace.settings);
    const samples: Sample[] = [];
    let statements = 0;
    for (let part = 0; part < SAMPLES; part += 1) {
      const endMs = performance.now() + (minutes * 60_000) / SAMPLES;
      const session = await client.openSession();
      while (performance.now() < endMs) {
        await runQuery(session, 'SELECT 1 AS one');
        if (statements % 25 === 0) await runQuery(session, 'SELECT no_such_column').catch(() => undefined);
        statements += 1;
      }
      await session.close();
      await workspace.ask({ forget: true });
      samples.push(await sample(statements));
    }
    await client.close();
    return { samples, found: growths('workspace', samples) };
  });
}

/** Puts a half into the report and leaves the other as its last run left it. */
function report(name: 'stub' | 'workspace', part: Part): void {
  const file = path.resolve(__dirname, '../../../reports/soak.json');
  const old = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
  const command = `npm run bench -- soak ${process.argv.slice(2).join(' ')}`.trim();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...old, [name]: { command, ...part } }, undefined, 2)}\n`);
}

/**
 * `--statements`: through the pipeline alone; `--minutes`: against a local workspace; 0 leaves a half out. `--short`: a
 * little of both, too little time to see a slow leak of a driver that is still being compiled.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      statements: { type: 'string', default: '5000000' },
      minutes: { type: 'string', default: '20' },
      short: { type: 'boolean', default: false },
    },
  });
  const statements = values.short ? 300_000 : Number(values.statements);
  const minutes = values.short ? 0.2 : Number(values.minutes);
  const halves = {
    stub: statements > 0 ? () => againstStub(statements) : undefined,
    workspace: minutes > 0 ? () => againstWorkspace(minutes) : undefined,
  };
  for (const name of ['stub', 'workspace'] as const) {
    const part = await halves[name]?.();
    if (part === undefined) continue;
    print(part.samples);
    report(name, part);
    for (const line of part.found) process.stdout.write(`not flat: ${line}\n`);
    if (part.found.length > 0) process.exitCode = 1;
  }
}

void main().then(() => process.exit());
