#!/usr/bin/env node
import { Command, Option } from 'commander';
import { backup, expire, remove, restore, status } from './cli/clientVerbs';
import { EXPORT_FORMATS, exportFile } from './cli/exportVerb';
import { sentenceOf } from './cli/failure';
import { gateway } from './cli/gateway';
import { CLIENT_OPTIONS, GATEWAY_OPTIONS, SERVE_OPTIONS } from './cli/optionTable';
import { serve } from './cli/serve';
import { packageVersion } from './version';

// What it writes is telemetry: for whoever runs it and nobody else, whatever the folder is.
process.umask(0o077);
// Whoever reads what it says may go, as `head` does: it serves on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const program = new Command('databricks-telemetry-collector')
  .description(
    'Receives the telemetry of any Databricks driver, keeps it, answers questions about it, steers the senders.',
  )
  .version(packageVersion());

const serving = program
  .command('serve', { isDefault: true })
  .description('listen, store and answer (the default)')
  .option('--check', 'only check the configuration')
  .allowExcessArguments()
  .action((_flags, command: Command) => {
    const [word] = command.args;
    // What is no verb is taken for an argument of the default one.
    if (word !== undefined) command.error(`error: there is no verb '${word}'; --help lists them`);
    return serve(command);
  });
for (const option of SERVE_OPTIONS()) serving.addOption(option);

const passing = program
  .command('gateway')
  .description('stand in front of a workspace: pass everything on, keep the telemetry of every driver')
  .option('--check', 'only check the configuration')
  .action((_flags, command: Command) => gateway(command));
for (const option of GATEWAY_OPTIONS()) passing.addOption(option);

/** A verb that asks a running collector: one process owns the files. */
function verb(name: string, description: string): Command {
  const command = program.command(name).description(description);
  for (const option of CLIENT_OPTIONS()) command.addOption(option);
  return command;
}

verb('status', 'what a running collector has received and stored, and what is wrong with it').action(status);
verb('export', 'write statements to a file')
  .requiredOption('--output <file>', 'file to write, - for standard output; its ending names the format')
  .addOption(new Option('--format <format>', 'in place of the ending of the file').choices(EXPORT_FORMATS))
  .option('--from <time>', 'start: milliseconds since the epoch, or a date')
  .option('--to <time>', 'end')
  .option('--filter <name=value...>', 'only these, e.g. service=checkout')
  .action(exportFile);
verb('expire', 'delete what is older than the retention')
  .option('--dry-run', 'only say what would be deleted')
  .action(expire);
verb('remove', 'delete all that came from one host, session or application')
  .option('--by-host <name>', 'host of the workspace')
  .option('--by-session <id>', 'session, as the server names it')
  .option('--by-application <name>', 'service or application')
  .action(remove);
verb('backup', 'make a consistent copy while it runs')
  .option('--output <folder>', 'copy it there (on this machine)')
  .action(backup);
program
  .command('restore')
  .description('make a data folder from a backup; nothing may run on it')
  .argument('<backup>', 'folder that `backup` made')
  .option('--data <folder>', 'folder to make', './telemetry-data')
  .action(restore);

// The `fetch` of Node.js 20 never settles where a server hangs up at once: nothing is left to wait for, and nobody answered.
const unanswered = (): void => fail('The collector does not answer: it closed the connection.');
process.once('beforeExit', unanswered);

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

program
  .parseAsync()
  .catch((error: unknown) => fail(sentenceOf(error)))
  .finally(() => process.off('beforeExit', unanswered));
