import type { JSX, TargetedEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import { count, duration } from '../format/numbers';
import { arrived, arrivedCount, paused, refusal } from '../state/live';
import { pulse } from '../state/pulse';
import { Card } from '../ui/Panel';
import { Table } from '../ui/Table';
import { fullColumns, longestOf, STATEMENT_ROWS } from './statementColumns';

/** What arrives, newest first, `most` of it. Holds still while the reader looks at it. */
export function LiveTail({ most = Infinity }: { most?: number }): JSX.Element {
  useEffect(() => () => void (paused.value = false), []);
  const rows = arrived.value.slice(0, most);
  const columns = fullColumns(longestOf(rows));
  const hold = ({ currentTarget }: TargetedEvent<HTMLElement>): void => {
    paused.value = currentTarget.matches(':hover, :focus-within');
  };
  const lag = pulse.value?.lagMs;
  return (
    <Card
      title="Live tail"
      sub={refusal.value ?? 'newest first; holds still while the pointer or the focus is in it'}
      actions={
        <span class={paused.value ? 'tag warn' : 'tag good'}>
          <span role="status">{paused.value ? 'Held' : 'Following'}</span>
          {`${count(arrivedCount.value)} arrived`}
          {lag !== undefined && `, lag ${duration(lag)}`}
        </span>
      }
    >
      <div onMouseEnter={hold} onMouseLeave={hold} onFocusCapture={hold} onBlurCapture={hold}>
        {rows.length === 0 ? (
          <div class="nothing">Waiting for the next statement.</div>
        ) : (
          <Table
            label="Statements as they arrive"
            rows={rows}
            columns={columns}
            sortedBy="Started"
            {...STATEMENT_ROWS}
            // Rows stay and only their text changes: making and laying out new ones would take twice as long.
            keyOf={(_, index) => index}
          />
        )}
      </div>
    </Card>
  );
}
