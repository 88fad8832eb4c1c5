import { PROJECTS } from './projects';
import { VALUES } from './values';

/** What must be read, by `scenario/case`, in the spelling of any driver. */
export type Expected = Readonly<Record<string, readonly unknown[]>>;

/** What the statements say, whatever drivers agree on. */
export const EXPECTED: Expected = { ...VALUES, ...PROJECTS };
