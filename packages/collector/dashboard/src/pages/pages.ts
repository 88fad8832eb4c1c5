import type { ComponentType } from 'preact';
import type { IconName } from '../ui/Icon';
import { Overview } from './overview/Overview';
import { Statement } from './statement/Statement';
import { Statements } from './statements/Statements';

export interface Page {
  /** First part of the hash. */
  readonly path: string;
  readonly title: string;
  readonly component: ComponentType;
  /** Shows what the window and the filters of the bar choose. */
  readonly filtered: boolean;
  /** Its place in the sidebar; pages without one are reached from others. */
  readonly menu?: {
    readonly icon: IconName;
    /** After `g`. */
    readonly key: string;
    readonly group: 'look' | 'run';
  };
  /** The page above it. */
  readonly parent?: string;
}

/** All pages, in the order of the sidebar. */
export const PAGES: readonly Page[] = [
  {
    path: 'overview',
    title: 'Overview',
    component: Overview,
    filtered: true,
    menu: { icon: 'overview', key: 'o', group: 'look' },
  },
  {
    path: 'statements',
    title: 'Statements',
    component: Statements,
    filtered: true,
    menu: { icon: 'statements', key: 's', group: 'look' },
  },
  { path: 'statement', title: 'Statement', component: Statement, filtered: false, parent: 'statements' },
];

export const pageOf = (path: string): Page | undefined => PAGES.find((page) => page.path === path);
