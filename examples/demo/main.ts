import { parseArgs } from 'node:util';
import { runDemo } from './run';
import { render } from './report';

/** `--json`: the summary as one JSON document on stdout and nothing else; progress goes to stderr. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const summary = await runDemo((line) => process.stderr.write(`  ${line} …\n`));
  process.stdout.write(values.json ? `${JSON.stringify(summary, undefined, 2)}\n` : render(summary));
  process.exitCode = summary.ok ? 0 : 1;
}

void main();
