import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import { countOrDash } from '../../format/numbers';
import { ago } from '../../format/times';
import { figure } from '../../ui/columns';
import { type Column } from '../../ui/Table';
import { rateName, type Target } from './services';
import { TableCard } from '../../ui/TableCard';
import { knownAnswer } from '../../state/answer';

interface Properties {
  readonly all: Target;
  readonly targets: readonly Target[];
  readonly chosen: Target;
  readonly onChoose: (target: Target) => void;
}

/** What is in force. */
const IN_FORCE: readonly Column<Target>[] = [
  {
    name: 'Telemetry',
    value: ({ inForce }) => (inForce.enabled ? 'on' : 'off'),
    cell: ({ inForce }) => (
      <span class={inForce.enabled ? 'tag good' : 'tag bad'}>{inForce.enabled ? 'on' : 'off here'}</span>
    ),
  },
  {
    name: 'Level',
    value: ({ inForce }) => inForce.level,
    cell: ({ inForce }) => (inForce.level === null ? <span class="quiet">its own</span> : inForce.level),
  },
  {
    name: 'Sampling',
    value: ({ inForce }) => inForce.sampleRate,
    cell: ({ inForce }) => <span class={inForce.sampleRate === 1 ? 'quiet' : ''}>{rateName(inForce.sampleRate)}</span>,
  },
  figure('Processes', ({ senders }) => senders.length, countOrDash),
  {
    name: 'Asked',
    hint: prose('asked'),
    right: true,
    value: ({ lastMs }) => lastMs,
    cell: ({ lastMs }) =>
      lastMs === null ? (
        <span class="tag warn" title="Not within the hour">
          silent
        </span>
      ) : (
        <span class="quiet">{ago(lastMs)}</span>
      ),
  },
];

/** The services, with what is in force for each. */
export function ServiceList({ all, targets, chosen, onChoose }: Properties): JSX.Element {
  const columns = [
    {
      name: 'Service',
      value: ({ service }: Target) => service,
      cell: (target: Target) => (
        <button
          type="button"
          class="linklike"
          aria-pressed={target.service === chosen.service}
          onClick={() => onChoose(target)}
        >
          {target.service}
        </button>
      ),
    },
    ...IN_FORCE,
  ];
  return (
    <TableCard
      title="Services"
      sub="as they last asked"
      actions={
        <button type="button" class="btn" aria-pressed={chosen.service === null} onClick={() => onChoose(all)}>
          All services
        </button>
      }
      foot={prose('services')}
      answer={knownAnswer(targets)}
      none="No service has asked for its configuration yet."
      rows={(known) => known}
      columns={columns}
      keyOf={({ service }) => service ?? '*'}
    />
  );
}
