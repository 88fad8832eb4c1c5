import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { ConfigurationView } from '../../../../lib/steering/Steering';
import { Table } from '../../ui/Table';

type Sender = ConfigurationView['senders'][number];

/** The options in effect in the process that asked last, and who set them. */
export function Options({ sender }: { sender: Sender | undefined }): JSX.Element {
  if (sender === undefined) return <div class="foot">{prose('choose-service')}</div>;
  const { options, library, client, version, runtime, processId } = sender;
  const who = [library === null ? client : `library ${library}`, `driver ${version}`, runtime].filter(
    (part) => part !== null,
  );
  return (
    <>
      {options.length === 0 ? (
        <div class="nothing">{prose('no-options')}</div>
      ) : (
        <Table
          label="Options in effect"
          dense
          rows={options}
          keyOf={({ name }) => name}
          columns={[
            { name: 'Effective option', mono: true, value: (row) => row.name },
            { name: 'Value', mono: true, value: (row) => (row.value === null ? null : String(row.value)) },
            {
              name: 'Set by',
              value: (row) => row.setBy,
              cell: ({ setBy }) =>
                setBy === null || setBy === 'default' ? (
                  <span class="quiet">{setBy ?? 'not told'}</span>
                ) : (
                  <span class="tag">{setBy}</span>
                ),
            },
          ]}
        />
      )}
      <div class="foot">
        Of process <span class="mono">{processId}</span>: {who.join(', ')}.
      </div>
    </>
  );
}
