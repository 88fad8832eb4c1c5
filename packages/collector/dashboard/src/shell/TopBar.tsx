import type { ComponentChildren, JSX } from 'preact';
import type { Page } from '../pages/pages';
import { pageOf } from '../pages/pages';
import { linkTo, parameter } from '../state/address';
import { setLive } from '../state/live';
import { theme, toggleTheme } from '../state/preferences';
import { copyText } from '../ui/CopyButton';
import { Icon } from '../ui/Icon';
import { FilterBar } from './FilterBar';
import { helpShown } from './Help';
import { RangeMenu } from './RangeMenu';

export function TopBar({ page, title }: { page: Page | undefined; title: string }): JSX.Element {
  const above = page?.parent === undefined ? undefined : pageOf(page.parent);
  return (
    <div class="top">
      <h1 tabIndex={-1}>
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
      <Tool name="Copy a link to this view" onClick={() => copyText(location.href)}>
        <Icon name="link" />
      </Tool>
      <Tool name={theme.value === 'dark' ? 'Light colours' : 'Dark colours'} hotkey="d" onClick={toggleTheme}>
        <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} />
      </Tool>
      <Tool name="Keys and words" hotkey="?" onClick={() => (helpShown.value = true)}>
        <kbd>?</kbd>
      </Tool>
    </div>
  );
}

interface ToolProperties {
  readonly name: string;
  readonly hotkey?: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A button that is a picture. */
const Tool = ({ name, hotkey, onClick, children }: ToolProperties): JSX.Element => (
  <button
    type="button"
    class="btn ghost ic"
    aria-label={name}
    title={hotkey === undefined ? name : `${name} (${hotkey})`}
    onClick={onClick}
  >
    {children}
  </button>
);

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
