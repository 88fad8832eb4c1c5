import { dictionary } from './dictionary';

const PROSE = dictionary('prose');

/** A sentence of `index.html` that stands as it is, by its name there. */
export const prose = (name: string): string => PROSE.get(name) ?? '';
