import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { count } from '../../format/numbers';
import { prose } from '../../format/prose';
import type { Answer } from '../../state/answer';
import { TableCard } from '../../ui/TableCard';
import { valueOf } from '../../state/answer';

const COUNTS: readonly {
  readonly name: string;
  readonly key: CountName;
  readonly bad?: boolean;
}[] = [
  { name: 'Offered', key: 'filesPresent' },
  { name: 'Read', key: 'filesIterated' },
  { name: 'Downloaded', key: 'filesDownloaded' },
  { name: 'Downloaded in vain', key: 'filesUnread' },
  { name: 'Asked for again', key: 'filesRetried' },
  { name: 'Expired', key: 'filesExpired', bad: true },
  { name: 'Failed', key: 'filesFailed', bad: true },
];
type CountName = Extract<keyof CloudFetch, `files${string}`>;

/** What became of the files. */
export function FileCounts({ answer }: { answer: Answer<CloudFetch> }): JSX.Element {
  const files = valueOf(answer);
  return (
    <TableCard
      title="What became of the files"
      span="s6"
      answer={answer}
      height={230}
      none="No files in this window."
      dense
      rows={({ statements }) => (statements === 0 ? [] : COUNTS)}
      keyOf={({ key }) => key}
      columns={[
        { name: 'Files', sortable: false, value: ({ name }) => name },
        {
          name: 'Meaning',
          sortable: false,
          value: ({ key }) => prose(key),
          cell: ({ key }) => <span class="quiet">{prose(key)}</span>,
        },
        {
          name: 'Count',
          right: true,
          sortable: false,
          value: ({ key }) => files?.[key] ?? null,
          cell: ({ key, bad = false }) => (
            <span class={bad && (files?.[key] ?? 0) > 0 ? 'is-bad' : ''}>{count(files?.[key])}</span>
          ),
        },
      ]}
    />
  );
}
