import { scenariosOf } from './scenarios';
import { simulate, type Who } from './simulate';

/** One scenario in a process of its own, whose memory is free again afterwards. */
export interface Run {
  readonly processes: number;
  readonly scenario: string;
  readonly who: Who;
}

async function main(): Promise<void> {
  const { processes, scenario: name, who } = JSON.parse(process.argv[2] ?? '') as Run;
  const scenario = scenariosOf(processes).find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario '${name}'`);
  process.send?.(await simulate(scenario, who));
}

void main().then(() => process.disconnect());
