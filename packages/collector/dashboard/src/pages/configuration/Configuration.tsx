import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ConfigurationView } from '../../../../lib/steering/Steering';
import { change, parameter } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { Answered } from '../../ui/Panel';
import { Audit } from './Audit';
import { Options } from './Options';
import { everything, targetsOf } from './services';
import { ServiceList } from './ServiceList';
import { Steer } from './Steer';

const NOT_FOUND: readonly never[] = [];

/** What is in force for each service, and who said so; turning it down. */
export function Configuration(): JSX.Element {
  // An answer to a change is newer than what was asked for before it.
  const [changed, setChanged] = useState<ConfigurationView | null>(null);
  const answer = useAnswer('configuration', {}, (collector) => collector.configuration());
  const names = useAnswer('names', {}, (collector) => collector.names());
  return (
    <Answered answer={answer} height={480}>
      {(asked) => {
        const view = changed ?? asked;
        const targets = targetsOf(view, valueOf(names)?.services ?? NOT_FOUND);
        const all = everything(view);
        const chosen = parameter('service');
        const target =
          targets.find(({ service }) => service === chosen) ?? (chosen === null ? targets[0] : undefined) ?? all;
        return (
          <div class="grid">
            <div class="s6 col">
              <ServiceList
                all={all}
                targets={targets}
                chosen={target}
                onChoose={({ service }) => change({ service: service ?? '*' })}
              />
              <Audit entries={view.audit} />
            </div>
            <Steer key={target.service ?? '*'} target={target} onChanged={setChanged}>
              <Options sender={target.service === null ? undefined : target.senders[0]} />
            </Steer>
          </div>
        );
      }}
    </Answered>
  );
}
