import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { count } from '../../format/numbers';
import type { Answer } from '../../state/answer';
import { TableCard } from '../../ui/TableCard';
import { valueOf } from '../../state/answer';

const COUNTS: readonly {
  readonly name: string;
  readonly hint: string;
  readonly key: CountName;
  readonly bad?: boolean;
}[] = [
  { name: 'Offered', hint: 'Files that the results were made of', key: 'filesPresent' },
  { name: 'Read', hint: 'Files that the application read', key: 'filesIterated' },
  { name: 'Downloaded', hint: 'Files that arrived', key: 'filesDownloaded' },
  { name: 'Downloaded in vain', hint: 'Arrived, and never read', key: 'filesUnread' },
  { name: 'Asked for again', hint: 'Downloads that were repeated', key: 'filesRetried' },
  { name: 'Expired', hint: 'Links that were too old when they were used', key: 'filesExpired', bad: true },
  { name: 'Failed', hint: 'Downloads that were given up', key: 'filesFailed', bad: true },
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
          value: ({ hint }) => hint,
          cell: ({ hint }) => <span class="quiet">{hint}</span>,
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
