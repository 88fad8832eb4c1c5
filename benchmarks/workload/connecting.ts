import type { FaultSpec } from 'databricks-local-workspace';
import { collectYoung, shuffled, turns, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { connect, isLibrary, newClient, optionsFor, type Client } from './clients';
import { withWorkspace, type WorkspaceProcess } from './workspace';

const NAMES = ['plain', 'again', 'ours', 'disabled'] as const satisfies readonly SubjectName[];

/** What becomes of the request for the flag. */
const FLAGS: ReadonlyArray<readonly [name: string, fault?: FaultSpec]> = [
  ['healthy'],
  ['hung', { route: 'feature-flags', action: 'hang' }],
  ['refused', { route: 'feature-flags', action: 'refuse' }],
  ['503', { route: 'feature-flags', status: 503 }],
];

const PATIENCE_MS = 30_000;
/** A client that waits for a flag that will not come shall not hold up the next. */
const MORE = { telemetryCloseTimeoutMs: 20 };

async function timeOf(name: SubjectName, workspace: WorkspaceProcess): Promise<{ ms: number; client: Client }> {
  const client = newClient(name);
  const options = optionsFor(name, workspace.settings, isLibrary(name) ? MORE : {});
  collectYoung();
  const startedAtMs = performance.now();
  await client.connect(options);
  return { ms: performance.now() - startedAtMs, client };
}

/** Milliseconds that the official driver takes, or that were waited for it. */
async function officialTime(workspace: WorkspaceProcess): Promise<number> {
  const startedAtMs = performance.now();
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
  const connecting = connect('official', workspace.settings).then((client) => void client.close());
  await Promise.race([connecting, patience]);
  return performance.now() - startedAtMs;
}

async function connectTimes(
  workspace: WorkspaceProcess,
  [flag, fault]: (typeof FLAGS)[number],
  rounds: number,
  isShort: boolean,
): Promise<Result[]> {
  if (fault !== undefined) await workspace.ask({ fault });
  const times = { plain: [] as number[], again: [] as number[], ours: [] as number[], disabled: [] as number[] };
  for (let round = -Math.ceil(rounds / 2); round < rounds; round += 1) {
    for (const name of shuffled(NAMES)) {
      const { ms, client } = await timeOf(name, workspace);
      if (round >= 0) times[name].push(ms);
      // What the connection has started ends before the next one is measured.
      await client.close();
      await turns(2);
    }
  }
  const isSlow = fault !== undefined;
  const official: number[] = [];
  for (let i = 0; i < (isSlow ? (isShort ? 0 : 1) : 10); i += 1) official.push(await officialTime(workspace));
  await workspace.ask({ clear: true });
  const { plain, again, ours, disabled } = times;
  const rows: Result[] = [
    resultOf(
      `connect.${flag}`,
      `connect(), flag endpoint ${flag}`,
      'ms',
      { plain, ours, official },
      { comparedWith: 'plain' },
    ),
  ];
  if (isSlow) return rows;
  const label = 'connect(), the plain driver twice';
  return [
    resultOf('connect.noise', label, 'ms', { plain, again }, { comparedWith: 'plain', subject: 'again' }),
    ...rows,
    resultOf(
      'connect.disabled',
      'connect(), telemetry switched off',
      'ms',
      { plain, disabled },
      { comparedWith: 'plain', subject: 'disabled' },
    ),
  ];
}

/** How long an application waits for `connect()`, to a host that it has not connected to before. */
export function connecting(_effort: unknown, isShort: boolean): Promise<Result[]> {
  return withWorkspace(async (workspace) => {
    const results: Result[] = [];
    for (const flag of FLAGS) {
      results.push(...(await connectTimes(workspace, flag, isShort ? 30 : 150, isShort)));
    }
    return results;
  });
}
