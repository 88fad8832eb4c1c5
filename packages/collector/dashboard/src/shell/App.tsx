import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pageOf, PAGES, WELCOME } from '../pages/pages';
import { silentSinceMs, token, tokenWanted } from '../state/access';
import { address, linkTo } from '../state/address';
import { useAnswer, valueOf } from '../state/answer';
import { clockSeconds } from '../format/times';
import { names } from '../state/names';
import { pulse } from '../state/pulse';
import { refresh } from '../state/window';
import { Help } from './Help';
import { useKeys } from './keys';
import { Sidebar } from './Sidebar';
import { TokenForm } from './TokenForm';
import { TopBar } from './TopBar';

/** The frame that all pages share. */
export function App(): JSX.Element {
  const found = pageOf(address.value.page);
  const nothingYet = pulse.value?.stored.statements === 0;
  const page = nothingYet && found?.filtered === true && found.path !== 'health' ? WELCOME : found;
  const title = page?.title ?? 'Not found';
  useKeys();
  const waited = useRef(false);
  useEffect(() => {
    // The first statement came after the window in which the page was opened.
    if (waited.current && !nothingYet) refresh();
    waited.current = nothingYet;
  }, [nothingYet]);
  useEffect(() => {
    document.title = `${title} · SQL Telemetry`;
    window.scrollTo(0, 0);
  }, [title, address.value.id]);
  if (tokenWanted.value) return <TokenForm refused={token.value !== ''} />;
  const Content = page?.component;
  return (
    <div class="app">
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <Sidebar pages={PAGES} current={found} />
      <main id="main" tabIndex={-1}>
        <TopBar page={page} title={title} />
        <Silence />
        {Content === undefined ? (
          <p class="nothing">
            There is no such page. <a href={linkTo('overview')}>Go to the overview</a>
          </p>
        ) : (
          <Content key={address.value.page} />
        )}
        <Names />
      </main>
      <Help />
    </div>
  );
}

/** The hash is the address of a page, so the browser's own jump cannot be used. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Asks for names after the panels, which do not wait for them. */
function Names(): null {
  const known = valueOf(useAnswer('names')) ?? null;
  useEffect(() => {
    names.value = known;
  }, [known]);
  return null;
}

function Silence(): JSX.Element | null {
  const sinceMs = silentSinceMs.value;
  if (sinceMs === null) return null;
  return (
    <div class="banner" role="alert">
      <b>The collector has not answered since {clockSeconds(sinceMs)}.</b> These figures are from before.
    </div>
  );
}
