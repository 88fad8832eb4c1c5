import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pageOf, PAGES, WELCOME } from '../pages/pages';
import { silentSinceMs, tokenWanted } from '../state/access';
import { address, linkTo } from '../state/address';
import { useAnswer, valueOf } from '../state/answer';
import { clockSeconds, interval } from '../format/times';
import { names } from '../state/names';
import { pulse } from '../state/pulse';
import { refresh, setWindow, timeWindow } from '../state/window';
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
  const seen = useRef(false);
  useEffect(() => {
    document.title = `${title} · SQL Telemetry`;
    window.scrollTo(0, 0);
    // Whoever hears the page hears which one it is now, and goes on from there by keyboard.
    if (seen.current) document.querySelector('h1')?.focus();
    seen.current = true;
  }, [title, address.value.id]);
  if (tokenWanted.value !== null) return <TokenForm />;
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
        {page?.filtered === true && page.path !== 'health' && <Elsewhere />}
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

/** Says where the statements are when none of them can be in the window. */
function Elsewhere(): JSX.Element | null {
  const { oldestMs = null, newestMs = null } = pulse.value?.stored ?? {};
  const { fromMs, toMs } = timeWindow.value;
  if (oldestMs === null || newestMs === null || (newestMs >= fromMs && oldestMs < toMs)) return null;
  return (
    <div class="note">
      <span>
        All statements of this collector are of {interval(oldestMs, newestMs)}.{' '}
        <button type="button" class="linklike" onClick={() => setWindow(newestMs + 1 - (toMs - fromMs), newestMs + 1)}>
          Show the last ones
        </button>
      </span>
    </div>
  );
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
