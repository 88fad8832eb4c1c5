import type { LocalWorkspace } from 'databricks-local-workspace';
import { startFreshWorkspace } from '../support/workspace';
import { check } from './harness';
import { DETAILS } from './details';
import { SCENARIOS } from './scenarios';

describe('conformance: what happens, and the rows that arrive', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace({
      seed: 'demo',
      cloudFetch: { maxRowsPerFile: 5000, thresholdBytes: 1 << 20 },
    });
  });

  after(() => workspace.close());

  for (const [topic, scenarios] of [...SCENARIOS, ...DETAILS]) {
    describe(topic, () => {
      for (const scenario of scenarios) {
        const test = it(scenario.name, () => check(workspace, scenario));
        // It measures time: a result goes with the answer when it is there within a tenth of a second, and an answer is late
        // when the cancel comes before it.
        if (topic === 'late answers' || scenario.rows.some(({ direct }) => direct !== undefined)) test.retries(2);
      }
    });
  }
});
