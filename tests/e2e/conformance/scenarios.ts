import { downloads, endings, optOuts, retries } from './endings';
import { failures, writes } from './failures';
import { reading } from './reading';
import { lists, results } from './results';
import type { Scenario } from './Scenario';

/** What happens → what arrives, for every supported version of the driver. */
export const SCENARIOS: ReadonlyArray<readonly [string, readonly Scenario[]]> = [
  ['results', results],
  ['metadata', lists],
  ['reading', reading],
  ['writing', writes],
  ['failures', failures],
  ['endings', endings],
  ['downloads', downloads],
  ['retries', retries],
  ['opting out', optOuts],
];
