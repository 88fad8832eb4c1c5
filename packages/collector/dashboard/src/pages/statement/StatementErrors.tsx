import type { JSX } from 'preact';
import type { StatementError } from '../../../../lib/store/queries/statement';
import { clockSeconds } from '../../format/times';
import { linkTo } from '../../state/address';
import { Card } from '../../ui/Panel';

/** What it met. Class, code and SQLSTATE; never a message. */
export function StatementErrors({ errors }: { errors: readonly StatementError[] }): JSX.Element | null {
  if (errors.length === 0) return null;
  return (
    <Card title="Errors" sub="class and code; never a message">
      <div class="body">
        {errors.map((error, index) => (
          <dl key={index} class="facts error-facts">
            <dt>{clockSeconds(error.timeMs)}</dt>
            <dd>
              <b class="is-bad">{error.errorClass ?? error.errorName ?? 'Unnamed'}</b>{' '}
              {error.isTerminal === false && <span class="tag">went on</span>}
            </dd>
            <Fact
              name="SQLSTATE"
              value={error.sqlState}
              link={error.sqlState === null ? null : { 'f.sqlState': error.sqlState }}
            />
            <Fact name="Code" value={error.errorCode} />
            <Fact name="Name" value={error.errorName} />
            <Fact name="HTTP status" value={error.httpStatus} />
            <Fact name="Stage" value={error.stage} />
          </dl>
        ))}
      </div>
    </Card>
  );
}

interface FactProperties {
  readonly name: string;
  readonly value: string | number | null;
  readonly link?: Readonly<Record<string, string>> | null;
}

function Fact({ name, value, link = null }: FactProperties): JSX.Element | null {
  if (value === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class="mono">{link === null ? value : <a href={linkTo('errors', link)}>{value}</a>}</dd>
    </>
  );
}
