import type { JSX } from 'preact';
import { shortId } from '../format/words';
import { linkTo } from '../state/address';
import { CopyButton } from './CopyButton';

/** A statement's id: short, a link to its page, the whole of it one click away. */
export function StatementId({ id }: { id: string | null }): JSX.Element {
  if (id === null) return <span class="unknown">unknown</span>;
  return (
    <span class="idc">
      <a class="mono" href={linkTo('statement', {}, id)} title={id}>
        {shortId(id)}
      </a>
      <CopyButton text={id} what="statement id" />
    </span>
  );
}
