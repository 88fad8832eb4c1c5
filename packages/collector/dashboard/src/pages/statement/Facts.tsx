import type { JSX } from 'preact';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { count, duration, plural } from '../../format/numbers';
import { formatName, operationName } from '../../format/words';
import { CopyButton } from '../../ui/CopyButton';
import { FactList, type Fact } from '../../ui/FactList';
import { Icon } from '../../ui/Icon';
import { Card } from '../../ui/Panel';

/** What was recorded with it: who ran it, on what. */
export function Facts({ detail: { statement, session } }: { detail: StatementDetail }): JSX.Element {
  const { driver, driverVersion, runtime, runtimeVersion, libraryVersion, os, osVersion } = statement;
  const facts: readonly Fact[] = [
    ['Driver', joined(driver, driverVersion)],
    ['Runtime', joined(runtime, runtimeVersion)],
    ['Library', libraryVersion],
    ['System', joined(os, osVersion)],
    ['Operation', statement.operationType === null ? null : operationName(statement.operationType)],
    ['Format', formatOf(statement.executionResult, statement.compressed)],
    ['Direct results', statement.directResults],
    ['Warehouse', copied('warehouse', statement.warehouse)],
    ['Host', copied('host', statement.host)],
    ['Session', copied('session', statement.sessionId)],
    [
      'Sampled',
      statement.sampleRate === null || statement.sampleRate === 1 ? null : `1 in ${count(1 / statement.sampleRate)}`,
    ],
    ...(session === null ? [] : factsOf(session)),
  ];
  return (
    <Card
      title="Recorded with it"
      foot={
        <span class="lock">
          <Icon name="lock" size={14} /> SQL text is never collected.
        </span>
      }
    >
      <div class="body">
        <FactList facts={facts} />
      </div>
    </Card>
  );
}

const factsOf = ({
  statements,
  failed,
  openLatencyMs,
  settings,
}: NonNullable<StatementDetail['session']>): readonly Fact[] => [
  [
    'Its session',
    `${plural(statements, 'statement')}, ${count(failed)} failed${openLatencyMs === null ? '' : `, opened in ${duration(openLatencyMs)}`}`,
  ],
  ...Object.entries(settings).map(([name, value]): Fact => [name, <span class="mono">{String(value)}</span>]),
];

const copied = (what: string, text: string | null): JSX.Element | null =>
  text === null ? null : (
    <>
      <span class="mono">{text}</span>
      <CopyButton text={text} what={what} />
    </>
  );

const joined = (name: string | null, version: string | null): string | null =>
  name === null ? version : version === null ? name : `${name} ${version}`;

function formatOf(format: string | null, compressed: boolean | null): string | null {
  if (format === null) return null;
  return `${formatName(format)}${compressed === null ? '' : compressed ? ', compressed' : ', not compressed'}`;
}
