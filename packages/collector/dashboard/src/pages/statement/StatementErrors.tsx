import type { JSX } from 'preact';
import type { StatementError } from '../../../../lib/store/queries/statement';
import { clockSeconds } from '../../format/times';
import { linkTo, only } from '../../state/address';
import { FactList } from '../../ui/FactList';
import { Card } from '../../ui/Panel';

/** What it met. Class, code and SQLSTATE; never a message. */
export function StatementErrors({ errors }: { errors: readonly StatementError[] }): JSX.Element | null {
  if (errors.length === 0) return null;
  return (
    <Card title="Errors" sub="class and code; never a message">
      <div class="body">
        {errors.map((error, index) => (
          <FactList
            key={index}
            facts={[
              [
                clockSeconds(error.timeMs),
                <>
                  <b class="is-bad">{error.errorClass ?? error.errorName ?? 'Unnamed'}</b>{' '}
                  {error.isTerminal === false && <span class="tag">went on</span>}
                </>,
              ],
              [
                'SQLSTATE',
                error.sqlState && <a href={linkTo('errors', only('sqlState', error.sqlState))}>{error.sqlState}</a>,
              ],
              ['Code', error.errorCode],
              ['Name', error.errorName],
              ['HTTP status', error.httpStatus],
              ['Stage', error.stage],
            ]}
          />
        ))}
      </div>
    </Card>
  );
}
