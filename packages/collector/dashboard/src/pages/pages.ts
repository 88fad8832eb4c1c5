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

/** A page with a place in the sidebar. */
const listed = (path: IconName, title: string, component: ComponentType, key: string, run = false): Page => ({
  path,
  title,
  component,
  filtered: path !== 'configuration',
  menu: { icon: path, key, group: run ? 'run' : 'look' },
});

/** All pages, in the order of the sidebar. */
export const PAGES: readonly Page[] = [
  listed('overview', 'Overview', Overview, 'o'),
  listed('statements', 'Statements', Statements, 's'),
  listed('compare', 'Compare', Compare, 'c'),
  listed('errors', 'Errors', Errors, 'e'),
  listed('cloudfetch', 'CloudFetch', CloudFetchPage, 'l'),
  listed('retries', 'Retries', RetriesPage, 'r'),
  listed('fleet', 'Fleet', Fleet, 'f'),
  listed('configuration', 'Configuration', Configuration, ',', true),
  listed('health', 'Data health', DataHealth, 'd', true),
  { path: 'statement', title: 'Statement', component: Statement, filtered: false, parent: 'statements' },
];

/** In place of pages that have nothing to show yet. */
export const WELCOME: Page = { path: 'welcome', title: 'Welcome', component: Welcome, filtered: false };

export const pageOf = (path: string): Page | undefined => PAGES.find((page) => page.path === path);
