import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { change, parameter } from '../../state/address';
import { useAnswer } from '../../state/answer';
import { learn } from '../../state/asking';
import { names } from '../../state/names';
import { refresh } from '../../state/window';
import { Answered } from '../../ui/Panel';
import { Audit } from './Audit';
import { Options } from './Options';
import { everything, targetsOf } from './services';
import { ServiceList } from './ServiceList';
import { Steer } from './Steer';

const NOT_FOUND: readonly never[] = [];
const AGAIN_MS = 10_000;

/** What is in force for each service, and who said so; turning it down. */
export function Configuration(): JSX.Element {
  const answer = useAnswer('configuration');
  // Processes take a change up one after the other.
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Answered answer={answer} height={480}>
      {(view) => {
        const targets = targetsOf(view, names.value?.services ?? NOT_FOUND);
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
            <Steer key={target.service ?? '*'} target={target} onChanged={(changed) => learn('configuration', changed)}>
              <Options sender={target.service === null ? undefined : target.senders[0]} />
            </Steer>
          </div>
        );
      }}
    </Answered>
  );
}
