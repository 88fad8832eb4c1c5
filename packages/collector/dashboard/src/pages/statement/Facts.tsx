import type { ComponentChildren, JSX } from 'preact';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { count, duration, plural } from '../../format/numbers';
import { formatName, operationName } from '../../format/words';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';
import { Card } from '../../ui/Panel';

/** What was recorded with it: who ran it, on what. */
export function Facts({ detail: { statement, session } }: { detail: StatementDetail }): JSX.Element {
  const { driver, driverVersion, runtime, runtimeVersion, libraryVersion, os, osVersion } = statement;
  const facts: readonly (readonly [name: string, value: string | null, copied?: boolean])[] = [
    ['Driver', joined(driver, driverVersion)],
    ['Runtime', joined(runtime, runtimeVersion)],
    ['Library', libraryVersion],
    ['System', joined(os, osVersion)],
    ['Operation', statement.operationType === null ? null : operationName(statement.operationType)],
    ['Format', formatOf(statement.executionResult, statement.compressed)],
    ['Direct results', statement.directResults],
    ['Warehouse', statement.warehouse, true],
    ['Host', statement.host, true],
    ['Session', statement.sessionId, true],
    [
      'Sampled',
      statement.sampleRate === null || statement.sampleRate === 1 ? null : `1 in ${count(1 / statement.sampleRate)}`,
    ],
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
        <dl class="facts">
          {facts.map(([name, value, copied = false]) =>
            value === null ? null : (
              <Fact key={name} name={name}>
                <span class={copied ? 'mono' : ''} title={value}>
                  {value}
                </span>
                {copied && <CopyButton text={value} what={name.toLowerCase()} />}
              </Fact>
            ),
          )}
          {session !== null && (
            <Fact name="Its session">
              {plural(session.statements, 'statement')}, {count(session.failed)} failed, opened in{' '}
              {duration(session.openLatencyMs)}
            </Fact>
          )}
          {session !== null &&
            Object.entries(session.settings).map(([name, value]) => (
              <Fact key={name} name={name}>
                <span class="mono">{String(value)}</span>
              </Fact>
            ))}
        </dl>
      </div>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const joined = (name: string | null, version: string | null): string | null =>
  name === null ? version : version === null ? name : `${name} ${version}`;

function formatOf(format: string | null, compressed: boolean | null): string | null {
  if (format === null) return null;
  return `${formatName(format)}${compressed === null ? '' : compressed ? ', compressed' : ', not compressed'}`;
}
