import { cpuMs, type Effort, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { spreadOf } from '../harness/spread';
import { connect, flush, runQuery, type Client, type Session } from './clients';
import { WorkspaceProcess } from './workspace';

const NAMES = ['plain', 'ours', 'official'] as const satisfies readonly SubjectName[];
type Name = (typeof NAMES)[number];

interface Connected {
  readonly client: Client;
  readonly session: Session;
}

type Numbers = Record<Name, number[]>;
const numbers = (): Numbers => ({ plain: [], ours: [], official: [] });

async function eachInTurn(round: number, work: (name: Name) => Promise<void>): Promise<void> {
  const turn = Math.abs(round) % NAMES.length;
  for (const name of [...NAMES.slice(turn), ...NAMES.slice(0, turn)]) await work(name);
}

const QUERIES = 50;

/** CPU and latency of small queries, in blocks that take turns; a block ends when its telemetry is sent. */
async function smallQueries(clients: Record<Name, Connected>, rounds: number): Promise<Result[]> {
  const cpu = numbers();
  const latency = numbers();
  const slowest = numbers();
  for (let round = -4; round < rounds; round += 1) {
    await eachInTurn(round, async (name) => {
      const { client, session } = clients[name];
      const times: number[] = [];
      const before = cpuMs();
      for (let i = 0; i < QUERIES; i += 1) {
        const startedAtMs = performance.now();
        await runQuery(session, 'SELECT 1 AS one');
        times.push(performance.now() - startedAtMs);
      }
      await flush(client);
      if (round < 0) return;
      cpu[name].push(((cpuMs() - before) * 1000) / QUERIES);
      latency[name].push(spreadOf(times).median);
      slowest[name].push(times.sort((a, b) => a - b).at(-2) ?? NaN);
    });
  }
  const comparedWith = 'plain';
  return [
    resultOf('workload.cpu', 'small query, CPU of the whole process', 'µs', cpu, { comparedWith }),
    resultOf('workload.p50', 'small query, median latency', 'ms', latency, { comparedWith }),
    resultOf('workload.p98', 'small query, latency of the slowest 2 %', 'ms', slowest, { comparedWith }),
  ];
}

async function cloudFetch(clients: Record<Name, Connected>, rounds: number): Promise<Result> {
  const cpu = numbers();
  for (let round = -1; round < rounds; round += 1) {
    await eachInTurn(round, async (name) => {
      const { client, session } = clients[name];
      const before = cpuMs();
      await runQuery(session, 'SELECT order_id, quantity FROM orders', true);
      await flush(client);
      if (round >= 0) cpu[name].push(cpuMs() - before);
    });
  }
  const label = 'CloudFetch of a million rows, CPU of the whole process';
  return resultOf('workload.cloudfetch', label, 'ms', cpu, { comparedWith: 'plain' });
}

/** Milliseconds that `connect()` takes while the flag endpoint does not answer, with a limit on patience. */
async function connectTimes(workspace: WorkspaceProcess, rounds: number, withOfficial: boolean): Promise<Result[]> {
  const faults = {
    hung: { route: 'feature-flags', action: 'hang' },
    '503': { route: 'feature-flags', status: 503 },
  } as const;
  const results: Result[] = [];
  for (const [fault, spec] of Object.entries(faults)) {
    await workspace.ask({ fault: spec });
    const times = numbers();
    for (let round = -2; round < rounds; round += 1) {
      for (const name of ['plain', 'ours'] as const) {
        const startedAtMs = performance.now();
        const client = await connect(name, workspace);
        if (round >= 0) times[name].push(performance.now() - startedAtMs);
        void client.close();
      }
    }
    if (withOfficial) {
      const startedAtMs = performance.now();
      const patience = new Promise((resolve) => setTimeout(resolve, 30_000).unref());
      await Promise.race([connect('official', workspace), patience]);
      times.official.push(performance.now() - startedAtMs);
    }
    await workspace.ask({ clear: true });
    const { official, ...both } = times;
    const rows = official.length > 0 ? times : both;
    results.push(
      resultOf(`connect.${fault}`, `connect(), flag endpoint ${fault}`, 'ms', rows, { comparedWith: 'plain' }),
    );
  }
  return results;
}

/** The whole process against a local workspace: the driver alone, with its own telemetry, and with this library. */
export async function workload(effort: Effort, isShort: boolean): Promise<Result[]> {
  const workspace = await WorkspaceProcess.start();
  try {
    const clients = {} as Record<Name, Connected>;
    for (const name of NAMES) {
      const client = await connect(name, workspace);
      clients[name] = { client, session: await client.openSession() };
    }
    const results = await smallQueries(clients, isShort ? 20 : effort.rounds);
    if (!isShort) results.push(await cloudFetch(clients, 7));
    for (const name of NAMES) await clients[name].client.close();
    results.push(...(await connectTimes(workspace, isShort ? 15 : 40, !isShort)));
    return results;
  } finally {
    workspace.stop();
  }
}
