import type { Driver } from '../Driver';
import { GO_DRIVER } from './go';
import { JAVA_DRIVERS } from './java';
import { NODE_DRIVER } from './node';
import { PYTHON_DRIVERS } from './python';

/** Every driver that is tried, the one for Node.js first. */
export const DRIVERS: readonly Driver[] = [NODE_DRIVER, ...PYTHON_DRIVERS, GO_DRIVER, ...JAVA_DRIVERS];
