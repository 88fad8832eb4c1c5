import type { JSX } from 'preact';
import type { Setting } from '../../../../lib/steering/rules';
import type { Target } from './services';

/** Who has a say in whether something is sent, in order; the strictest wins. */
export function Chain({ target, draft }: { target: Target; draft: Setting }): JSX.Element {
  const option = target.senders[0]?.options.find(({ name }) => name === 'telemetryEnabled');
  const asked = option === undefined ? 'not told' : option.value === true ? 'on' : 'off';
  const others = target.senders[0]?.inForce.decidedBy.filter((rule) => !rule.startsWith('service ')) ?? [];
  const off = draft.enabled === false || option?.value === false;
  const links = [
    { name: `application${option?.setBy == null ? '' : ` (${option.setBy})`}`, says: asked },
    ...others.map((rule) => ({ name: `rule for ${rule}`, says: 'stricter' })),
    { name: 'here', says: draft.enabled === false ? 'off' : '–' },
  ];
  return (
    <div class="chain">
      {links.map(({ name, says }) => (
        <span key={name} class={says === 'on' || says === 'off' ? 'on' : ''}>
          {name}: {says}
        </span>
      ))}
      → <span class={off ? 'lose' : 'win'}>{off ? 'off' : 'on where asked for'}</span>
    </div>
  );
}
