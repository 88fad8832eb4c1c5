import path from 'node:path';
import type { Round } from '../harness/added';
import { answerOf } from '../harness/childProcess';
import { addedResult, type Result } from '../harness/report';
import { withWorkspace } from '../workload/workspace';
import type { Task } from './demoProcess';

/** How long the demo's application takes, telemetry on and off, in turns in one process. */
export async function demoWorkload(_effort: unknown, isShort: boolean): Promise<Result[]> {
  const rounds = await withWorkspace(
    ({ settings }) => {
      const task: Task = { settings, rounds: isShort ? 4 : 10 };
      return answerOf<Round[]>(path.join(__dirname, 'demoProcess.js'), task);
    },
    { seed: 'demo' },
  );
  return [addedResult('demo.wall', "the demo's workload, time, telemetry on and off", 'ms', [rounds], 'ours')];
}
