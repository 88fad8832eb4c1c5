import type { JSX } from 'preact';
import type { Page } from '../pages/pages';
import { pageOf } from '../pages/pages';
import { linkTo, parameter } from '../state/address';
import { setLive } from '../state/live';
import { theme } from '../state/preferences';
import { copyText } from '../ui/CopyButton';
import { Icon } from '../ui/Icon';
import { FilterBar } from './FilterBar';
import { helpShown } from './Help';
import { RangeMenu } from './RangeMenu';

export function TopBar({ page, title }: { page: Page | undefined; title: string }): JSX.Element {
  const above = page?.parent === undefined ? undefined : pageOf(page.parent);
  return (
    <div class="top">
      <h1>
        {above !== undefined && (
          <>
            <a href={linkTo(above.path)}>{above.title}</a> /{' '}
          </>
        )}
        {title}
      </h1>
      {page?.filtered === true && <FilterBar />}
      <span class="sp" />
      {page?.filtered === true && (
        <>
          <RangeMenu />
          <LiveButton />
        </>
      )}
      <button
        type="button"
        class="btn ghost ic"
        aria-label="Copy a link to this view"
        title="Copy a link to this view"
        onClick={() => copyText(location.href)}
      >
        <Icon name="link" />
      </button>
      <button
        type="button"
        class="btn ghost ic"
        aria-label={theme.value === 'dark' ? 'Light colours' : 'Dark colours'}
        title="Light or dark (d)"
        onClick={() => (theme.value = theme.value === 'dark' ? 'light' : 'dark')}
      >
        <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="btn ghost ic"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => (helpShown.value = true)}
      >
        <kbd>?</kbd>
      </button>
    </div>
  );
}

function LiveButton(): JSX.Element {
  const live = parameter('live') === '1';
  return (
    <button
      type="button"
      class="btn"
      aria-pressed={live}
      title="New statements as they arrive (l)"
      onClick={() => setLive(!live)}
    >
      <span class={live ? 'dot pulse' : 'dot off'} /> Live
    </button>
  );
}
