import type { ComponentType } from 'preact';
import type { IconName } from '../ui/Icon';
import { Configuration } from './configuration/Configuration';
import { Fleet } from './fleet/Fleet';
import { DataHealth } from './health/DataHealth';
import { CloudFetchPage } from './cloudfetch/CloudFetchPage';
import { Compare } from './compare/Compare';
import { Errors } from './errors/Errors';
import { Overview } from './overview/Overview';
import { RetriesPage } from './retries/RetriesPage';
import { Statement } from './statement/Statement';
import { Statements } from './statements/Statements';
import { Welcome } from './welcome/Welcome';

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
  {
    path: 'compare',
    title: 'Compare',
    component: Compare,
    filtered: true,
    menu: { icon: 'compare', key: 'c', group: 'look' },
  },
  {
    path: 'errors',
    title: 'Errors',
    component: Errors,
    filtered: true,
    menu: { icon: 'errors', key: 'e', group: 'look' },
  },
  {
    path: 'cloudfetch',
    title: 'CloudFetch',
    component: CloudFetchPage,
    filtered: true,
    menu: { icon: 'files', key: 'l', group: 'look' },
  },
  {
    path: 'retries',
    title: 'Retries',
    component: RetriesPage,
    filtered: true,
    menu: { icon: 'retries', key: 'r', group: 'look' },
  },
  {
    path: 'fleet',
    title: 'Fleet',
    component: Fleet,
    filtered: true,
    menu: { icon: 'fleet', key: 'f', group: 'look' },
  },
  {
    path: 'configuration',
    title: 'Configuration',
    component: Configuration,
    filtered: false,
    menu: { icon: 'configuration', key: ',', group: 'run' },
  },
  {
    path: 'health',
    title: 'Data health',
    component: DataHealth,
    filtered: true,
    menu: { icon: 'health', key: 'd', group: 'run' },
  },
  { path: 'statement', title: 'Statement', component: Statement, filtered: false, parent: 'statements' },
];

/** In place of pages that have nothing to show yet. */
export const WELCOME: Page = { path: 'welcome', title: 'Welcome', component: Welcome, filtered: false };

export const pageOf = (path: string): Page | undefined => PAGES.find((page) => page.path === path);
