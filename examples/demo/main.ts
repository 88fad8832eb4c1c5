import { parseArgs } from 'node:util';
import { runDashboard } from './dashboard/run';
import { runDemo } from './run';
import { render } from './report';

/**
 * `--json`: the summary as one JSON document on stdout and nothing else; progress goes to stderr. `--dashboard`: a
 * collector and its page instead, with services that work until Ctrl-C.
 */
async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { json: flag, dashboard: flag } });
  const progress = (line: string): unknown => process.stderr.write(`  ${line} …\n`);
  if (values.dashboard) {
    await runDashboard(progress);
    process.exit(0);
  }
  const summary = await runDemo(progress);
  process.stdout.write(values.json ? `${JSON.stringify(summary, undefined, 2)}\n` : render(summary));
  process.exitCode = summary.ok ? 0 : 1;
}

void main();
