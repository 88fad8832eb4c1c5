import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { TelemetryStats } from 'databricks-sql-telemetry';

const ROOT = path.resolve(__dirname, '../../..');
const SCENARIOS = path.join(__dirname, 'fixtures', 'scenarios.ts');
const LIMIT_MS = 100_000;

/** What the process said: see `say` in fixtures/application.ts. */
interface Line {
  readonly what: string;
  readonly at: number;
  readonly detail: unknown;
}

/** How a process lived and ended. Times are epoch milliseconds. */
export class Report {
  readonly lines: Line[] = [];
  /** What was on stdout and stderr beside those lines. */
  noise = '';
  code: number | null = null;
  signal: NodeJS.Signals | null = null;
  endedAt = 0;

  line(what: string): Line | undefined {
    return this.lines.find((line) => line.what === what);
  }

  /** How long the process lived on after it said `what`. */
  msAfter(what: string): number {
    return this.endedAt - (this.line(what)?.at ?? 0);
  }

  get stats(): TelemetryStats | undefined {
    return this.line('closed')?.detail as TelemetryStats | undefined;
  }

  get unhandled(): Line[] {
    return this.lines.filter(({ what }) => what === 'unhandledRejection' || what === 'uncaughtException');
  }
}

/** Runs a scenario of `script` in a process of its own until it ends; `onLine` may speak to the process. Kills what does not end in time. */
export function run(
  workspace: Pick<LocalWorkspace, 'connectionOptions'>,
  scenario: string,
  onLine: (line: Line, child: ChildProcess) => void = () => undefined,
  script = SCENARIOS,
  limitMs = LIMIT_MS,
): Promise<Report> {
  const report = new Report();
  const child = spawn(
    process.execPath,
    ['-r', './tools/use-driver.cjs', '-r', './tools/typescript.cjs', script, scenario],
    {
      cwd: ROOT,
      env: { ...process.env, CONNECTION: JSON.stringify(workspace.connectionOptions) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const said = parse(line);
      if (said === undefined) report.noise += `${line}\n`;
      else {
        report.lines.push(said);
        onLine(said, child);
      }
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (report.noise += text));
  child.on('exit', () => (report.endedAt = Date.now()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      report.noise += rest;
      resolve(Object.assign(report, { code, signal }));
    });
  });
}

function parse(line: string): Line | undefined {
  try {
    const value = JSON.parse(line) as Line;
    return typeof value.what === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
