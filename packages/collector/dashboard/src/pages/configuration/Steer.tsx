import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { prose } from '../../format/prose';
import { CollectorError } from '../../../../lib/client/CollectorClient';
import type { ConfigurationView } from '../../../../lib/steering/Steering';
import type { Level, Setting } from '../../../../lib/steering/rules';
import { plural } from '../../format/numbers';
import { client, noteAnswer } from '../../state/access';
import { Card } from '../../ui/Panel';
import { Segments } from '../../ui/Segments';
import { Apply } from './Apply';
import { Chain } from './Chain';
import { Load } from './Load';
import { LEVELS, NO_OPINION, rateName, RATES, sameSetting, type Target } from './services';

const OWN: string = 'own';

interface Properties {
  readonly target: Target;
  /** Below the controls. */
  readonly children: ComponentChildren;
  readonly onChanged: (view: ConfigurationView) => void;
}

/** Switch, level and sampling of a service. Nothing is in force before it is applied. */
export function Steer({ target, onChanged, children }: Properties): JSX.Element {
  const before = target.rule?.set ?? NO_OPINION;
  const [draft, setDraft] = useState<Setting>(before);
  const [problem, setProblem] = useState<string | null>(null);
  const name = target.service ?? 'all services';
  const apply = (by: string): void => {
    setProblem(null);
    save(target, draft, by).then(
      (view) => {
        noteAnswer();
        onChanged(view);
      },
      (error: unknown) => {
        // A token that may only read is good enough for the page.
        if (!isForbidden(error)) noteAnswer(error);
        setProblem(problemOf(error));
      },
    );
  };
  return (
    <Card
      title={target.service ?? 'All services, also new ones'}
      sub={<span role="status">{takenUp(target)}</span>}
      span="s6"
    >
      <Controls target={target} draft={draft} onChange={setDraft} />
      {!sameSetting(draft, before) && (
        <Apply
          name={name}
          question={`${questionOf(before, draft)} for ${target.senders.length === 0 ? name : plural(target.senders.length, 'process', 'processes')}?`}
          problem={problem}
          onApply={apply}
          onDiscard={() => setDraft(before)}
        />
      )}
      {children}
    </Card>
  );
}

interface ControlsProperties {
  readonly target: Target;
  readonly draft: Setting;
  readonly onChange: (draft: Setting) => void;
}

function Controls({ target, draft, onChange }: ControlsProperties): JSX.Element {
  const on = draft.enabled !== false;
  return (
    <div class="body steer">
      <span id="steer-on">Telemetry</span>
      <div>
        <button
          type="button"
          class="sw"
          role="switch"
          aria-checked={on}
          aria-labelledby="steer-on"
          onClick={() => onChange({ ...draft, enabled: on ? false : null })}
        />{' '}
        {on ? 'On' : 'Off'} <span class="quiet">{on ? 'where the application asks for it' : 'nothing is sent'}</span>
        <Chain target={target} draft={draft} />
      </div>
      <span>Level</span>
      <div>
        <Segments
          label="Level"
          disabled={!on}
          options={LEVEL_OPTIONS}
          value={draft.level ?? OWN}
          onChange={(value) =>
            onChange({ ...draft, level: LEVELS.find((level) => level.value === value)?.value ?? null })
          }
        />
        <p class="quiet">{meaningOf(draft.level)}</p>
      </div>
      <span>Sampling</span>
      <div>
        <Segments
          label="Sampling"
          disabled={!on}
          options={RATE_OPTIONS}
          value={String(draft.sampleRate ?? 1)}
          onChange={(value) => onChange({ ...draft, sampleRate: value === '1' ? null : Number(value) })}
        />
        <p class="quiet">{prose('sampling')}</p>
        {on && draft.sampleRate !== null && <Load service={target.service} rate={draft.sampleRate} />}
      </div>
    </div>
  );
}

const LEVEL_OPTIONS = [{ value: OWN, label: 'its own' }, ...LEVELS.map(({ value }) => ({ value, label: value }))];
const RATE_OPTIONS = RATES.map((rate) => ({ value: String(rate), label: rateName(rate) }));

const meaningOf = (level: Level | null): string =>
  LEVELS.find(({ value }) => value === level)?.means ?? 'What the application asks for.';

function takenUp({ senders, rule }: Target): string {
  const processes = plural(senders.length, 'process', 'processes');
  if (rule === undefined) return `${processes}; a change is taken up within a minute`;
  return `the last change is taken up by ${senders.filter(({ lastMs }) => lastMs >= rule.atMs).length} of ${processes}`;
}

function save({ service }: Target, draft: Setting, by: string): Promise<ConfigurationView> {
  const scope = service === null ? 'all' : 'service';
  const collector = client.value;
  if (sameSetting(draft, NO_OPINION)) return collector.removeRule(scope, service ?? undefined, by);
  return collector.setRule({ scope, ...(service === null ? {} : { name: service }), ...draft, by });
}

function questionOf(before: Setting, draft: Setting): string {
  const changes = [
    ...(before.enabled === draft.enabled
      ? []
      : [draft.enabled === false ? 'Switch telemetry off' : 'Allow telemetry again']),
    ...(before.level === draft.level ? [] : [`change the level to ${draft.level ?? 'its own'}`]),
    ...(before.sampleRate === draft.sampleRate ? [] : [`change sampling to ${rateName(draft.sampleRate)}`]),
  ].join(' and ');
  return changes.charAt(0).toUpperCase() + changes.slice(1);
}

const isForbidden = (error: unknown): boolean => error instanceof CollectorError && error.status === 403;

function problemOf(error: unknown): string {
  if (!(error instanceof CollectorError)) return 'The collector does not answer. Nothing was changed.';
  if (isForbidden(error)) return prose('read-only');
  return error.message;
}
