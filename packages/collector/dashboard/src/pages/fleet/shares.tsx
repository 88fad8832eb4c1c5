import type { JSX } from 'preact';
import type { FleetGroup } from '../../../../lib/store/queries/fleet';
import { count, percent } from '../../format/numbers';
import type { Column } from '../../ui/Table';

/** From here on a share is worth a colour. */
const MANY_FAILED = 0.03;
const MANY_RETRIED = 0.03;

/** Of all; where outcomes are missing it is at least so much. */
function failedShare({ failed, statements, outcomeUnknown }: FleetGroup): number | null {
  return outcomeUnknown === statements ? null : failed / statements;
}

const retriedShare = ({ retried, statements }: FleetGroup): number | null =>
  retried === null || statements === 0 ? null : retried / statements;

function FailedShare({ group }: { group: FleetGroup }): JSX.Element {
  return (
    <Share
      share={failedShare(group)}
      of={group.failed}
      many={MANY_FAILED}
      mark="is-bad"
      least={group.outcomeUnknown > 0}
    />
  );
}

function RetriedShare({ group }: { group: FleetGroup }): JSX.Element {
  return <Share share={retriedShare(group)} of={group.retried} many={MANY_RETRIED} mark="is-warn" />;
}

interface Properties {
  readonly share: number | null;
  readonly of: number | null;
  readonly many: number;
  readonly mark: string;
  /** Some do not tell, so that it may be more. */
  readonly least?: boolean;
}

function Share({ share, of, many, mark, least = false }: Properties): JSX.Element {
  if (share === null) return <span class="unknown">unknown</span>;
  if (share === 0) return <span class="quiet">–</span>;
  return (
    <span
      class={share >= many ? mark : ''}
      title={`${count(of)} statements${least ? '; some drivers do not tell how a statement ended' : ''}`}
    >
      {least ? '≥ ' : ''}
      {percent(share)}
    </span>
  );
}

/** An estimate says that it is one. */
export const STATEMENTS: Column<FleetGroup> = {
  name: 'Statements',
  right: true,
  value: ({ statements }) => statements,
  cell: ({ statements, sampled }) =>
    sampled === null ? (
      count(statements)
    ) : (
      <span title={`Estimated: ${count(sampled.statements)} received stand for ${count(sampled.estimated)}`}>
        ≈ {count(statements)}
      </span>
    ),
};

export const FAILED: Column<FleetGroup> = {
  name: 'Failed',
  right: true,
  value: failedShare,
  cell: (group) => <FailedShare group={group} />,
};

export const RETRIED: Column<FleetGroup> = {
  name: 'Retried',
  right: true,
  value: retriedShare,
  cell: (group) => <RetriedShare group={group} />,
};
