import type { JSX } from 'preact';
import type { Page } from '../pages/pages';
import { duration, plural } from '../format/numbers';
import { baseAddress } from '../state/access';
import { linkTo } from '../state/address';
import { pulse } from '../state/pulse';
import { Icon } from '../ui/Icon';

export function Sidebar({ pages, current }: { pages: readonly Page[]; current: Page | undefined }): JSX.Element {
  const items = (group: 'look' | 'run'): JSX.Element[] =>
    pages.flatMap((page) =>
      page.menu?.group === group
        ? [<Item key={page.path} page={page} icon={page.menu.icon} here={isHere(page, current)} />]
        : [],
    );
  return (
    <nav class="side" aria-label="Pages">
      <a class="brand" href={linkTo('overview')} title="SQL Telemetry: overview">
        <Logo />
        <div>
          <b>SQL Telemetry</b>
          <small>{new URL(baseAddress).host}</small>
        </div>
      </a>
      {items('look')}
      <hr />
      {items('run')}
      <Foot />
    </nav>
  );
}

const isHere = (page: Page, current: Page | undefined): boolean => page === current || page.path === current?.parent;

function Item({
  page,
  icon,
  here,
}: {
  page: Page;
  icon: NonNullable<Page['menu']>['icon'];
  here: boolean;
}): JSX.Element {
  return (
    <a class="nav" href={linkTo(page.path)} aria-current={here ? 'page' : undefined} title={page.title}>
      <Icon name={icon} />
      <span>{page.title}</span>
    </a>
  );
}

function Logo(): JSX.Element {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <rect width="22" height="22" rx="5" fill="var(--btn)" />
      <path d="M5 7h7M5 11h12M9 15h5" stroke="var(--btn-ink)" stroke-width="2.4" stroke-linecap="round" />
    </svg>
  );
}

/** Whether anything arrives. */
function Foot(): JSX.Element {
  const health = pulse.value;
  if (health === null) return <div class="foot">&nbsp;</div>;
  const failure = health.journal.failure ?? health.store.failure;
  const nothing = health.stored.statements === 0;
  const [dot, words] =
    failure !== null
      ? ['dot bad', 'Cannot store']
      : nothing
        ? ['dot off', 'No records yet']
        : ['dot', `Receiving, lag ${duration(health.lagMs)}`];
  return (
    <div class="foot">
      <span class={dot} /> {words}
      <br />
      {nothing ? `collector ${health.version}` : plural(health.senders, 'process', 'processes')}
    </div>
  );
}
