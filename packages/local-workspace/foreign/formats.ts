import type { LocalWorkspace } from 'databricks-local-workspace';
import type { Observation } from './observations';
import { STATEMENTS, type Scenario } from './scenarios';

type Sent = ReturnType<LocalWorkspace['received']['statements']>[number];

/** How results come in each mode. */
const FORMATS: Readonly<Record<string, Pick<Sent, 'protocol' | 'resultFormat'>>> = {
  files: { protocol: 'thrift', resultFormat: 'cloudfetch' },
  arrow: { protocol: 'thrift', resultFormat: 'inline-arrow' },
  columns: { protocol: 'thrift', resultFormat: 'columnar' },
  'sea-files': { protocol: 'sea', resultFormat: 'cloudfetch' },
  'sea-arrow': { protocol: 'sea', resultFormat: 'inline-arrow' },
  'sea-json': { protocol: 'sea', resultFormat: 'inline-json' },
  kernel: { protocol: 'sea', resultFormat: 'cloudfetch' },
  'kernel-arrow': { protocol: 'sea', resultFormat: 'inline-arrow' },
};

/** What a driver cannot see: that a run's results came in another way than its mode says, by what the workspace sent. */
export function sentOtherwise(mode: string, scenarios: readonly Scenario[], sent: readonly Sent[]): Observation[] {
  const format = FORMATS[mode];
  if (format === undefined) return [];
  const oddly = (sql: string): string | undefined => {
    const records = sent.filter((record) => record.sql === sql);
    if (records.length === 0) return 'was not asked for';
    const odd = records.find(
      ({ protocol, resultFormat }) => protocol !== format.protocol || resultFormat !== format.resultFormat,
    );
    return odd && `came as ${odd.resultFormat} by ${odd.protocol}`;
  };
  const statements = [
    ...(scenarios.includes('types') ? STATEMENTS.types.map(({ name, sql }) => ['types', name, sql] as const) : []),
    ...(scenarios.includes('large') ? [['large', 'result', STATEMENTS.large] as const] : []),
  ];
  return statements.flatMap(([scenario, name, sql]) => {
    const failed = oddly(sql);
    return failed === undefined ? [] : [{ scenario, case: `${name}, format`, failed }];
  });
}
