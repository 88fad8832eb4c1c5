import type { ComponentChildren, JSX, TargetedMouseEvent } from 'preact';
import { CollectorError } from '../../../lib/client/CollectorClient';
import { plural } from '../format/numbers';
import { parameter } from '../state/address';
import { valueOf, type Answer } from '../state/answer';
import { pulse } from '../state/pulse';
import { refresh } from '../state/window';

/** How a table is saved, by its element. */
export const savers = new WeakMap<Element, () => void>();

export interface CardProperties {
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren | undefined;
  readonly actions?: ComponentChildren | undefined;
  readonly foot?: ComponentChildren | undefined;
  /** Columns of twelve: `s4`, `s8`. */
  readonly span?: string | undefined;
  readonly children: ComponentChildren;
}

/** A card with a heading. Its table can be saved. */
export function Card({ title, sub, actions, foot, span = '', children }: CardProperties): JSX.Element {
  return (
    <section class={`card wrap ${span}`}>
      <header>
        <h2>{title}</h2>
        {sub !== undefined && <span class="sub">{sub}</span>}
        <span class="sp" />
        {actions}
        <button type="button" class="btn ghost csv" title="Save the table as a file" onClick={saveTable}>
          CSV
        </button>
      </header>
      {children}
      {foot !== undefined && <div class="foot">{foot}</div>}
    </section>
  );
}

/** The style sheet hides the button where there is no table. */
function saveTable({ currentTarget }: TargetedMouseEvent<HTMLElement>): void {
  const table = currentTarget.closest('section')?.querySelector('[data-saved]');
  if (table) savers.get(table)?.();
}

interface AnswerProperties<T> {
  readonly answer: Answer<T>;
  /** Says what to do when there is nothing to show; false when there is. */
  readonly empty?: ((value: T) => ComponentChildren | false) | undefined;
  /** Room that it takes while it waits, in pixels. */
  readonly height?: number | undefined;
  readonly children: (value: T) => ComponentChildren;
}

/** What a panel shows of an answer: waiting, failed, nothing there, or the thing itself. */
export function Answered<T>({ answer, empty, height = 120, children }: AnswerProperties<T>): JSX.Element {
  const value = valueOf(answer);
  if (value === undefined) {
    return answer.kind === 'failed' ? (
      <Failure error={answer.error} />
    ) : (
      <div class="waiting" style={{ height: `${height}px` }} role="status">
        <Loading />
      </div>
    );
  }
  const nothing = empty?.(value) ?? false;
  // A live view is always of the moment before: it does not dim while it moves on.
  const stale = answer.kind === 'known' && answer.stale && parameter('live') !== '1';
  return (
    <>
      {answer.kind === 'failed' && <Failure error={answer.error} />}
      {nothing !== false ? (
        <div class={stale ? 'nothing stale' : 'nothing'}>{nothing}</div>
      ) : (
        <div class={stale ? 'stale' : 'fresh'} aria-busy={stale}>
          {children(value)}
        </div>
      )}
    </>
  );
}

/** Said while an answer is on its way, and seen when that takes longer than a moment. */
function Loading(): JSX.Element {
  const stored = pulse.value?.stored.statements;
  return <span>Loading{stored === undefined ? '' : ` from ${plural(stored, 'statement')}`}</span>;
}

/** Says what went wrong, with a way to try again. */
export function Failure({ error }: { error: unknown }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <span>{reasonOf(error)}</span>
      <button type="button" class="btn" onClick={refresh}>
        Try again
      </button>
    </div>
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof CollectorError)) return 'The collector does not answer.';
  if (error.status === 401) return 'The collector wants a token.';
  return error.message;
}
