import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import { exactTime } from '../../format/times';
import { plural } from '../../format/numbers';
import { baseAddress } from '../../state/access';
import { pulse } from '../../state/pulse';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';

// The library takes an address without a path as a base, and one with a path word for word.
const endpoint = new URL(baseAddress).pathname === '/' ? baseAddress.slice(0, -1) : `${baseAddress}telemetry-ext`;
const CODE = `import { DBSQLClient } from 'databricks-sql-telemetry'; // was '@databricks/sql'
const client = new DBSQLClient({ telemetryEnabled: true, telemetryEndpoint: '${endpoint}' });
await client.connect({ host, path, token });`;

/** The first page of a collector that nothing has arrived at: how to send, and what has arrived so far. */
export function Welcome(): JSX.Element {
  const health = pulse.value;
  const { statements = 0, sessions = 0 } = health?.stored ?? {};
  const asked = (health?.senders ?? 0) > 0;
  const waits = prose('waits');
  return (
    <div class="welcome">
      <p class="quiet">
        <span class="dot off" /> Listening on <span class="mono">{baseAddress}</span>. Nothing has arrived yet.
      </p>
      <h2>Three lines send your first record</h2>
      <p class="quiet">{prose('swap')}</p>
      <div class="code" tabIndex={0} role="region" aria-label="Code">
        <code>{CODE}</code>
        <CopyButton text={CODE} what="the code" />
      </div>
      <p class="quiet">
        {prose('then')} <code class="mono">client.close()</code>. {prose('no-account')}{' '}
        <code class="mono">npm run demo -- --dashboard</code>
      </p>
      <ol class="steps card">
        <Step done title="Collector is up" note={health === null ? '' : `since ${exactTime(health.startedMs)}`} />
        <Step
          done={asked || statements + sessions > 0}
          title="First request"
          note={asked ? plural(health?.senders ?? 0, 'process', 'processes') : waits}
        />
        <Step done={sessions > 0} title="First session" note="" />
        <Step
          done={statements > 0}
          title="First statement. This page then turns into the overview by itself."
          note=""
        />
      </ol>
      <p class="quiet lock">
        <Icon name="lock" size={14} /> {prose('leaves')}
      </p>
    </div>
  );
}

function Step({ done, title, note }: { done: boolean; title: string; note: string }): JSX.Element {
  return (
    <li>
      <span class={done ? 'm is-good' : 'm quiet'} aria-hidden="true">
        {done ? '✓' : '○'}
      </span>
      <div>
        <b class={done ? 'strong' : 'quiet'}>{title}</b>
        <span class="vh">{done ? ' (done)' : ' (not yet)'}</span>
        {note !== '' && <div class="quiet">{note}</div>}
      </div>
    </li>
  );
}
