import { OPT_OUTS } from '../../model/environmentOptions';
import { broken, off, ok, type Finding } from './Finding';

const OLDEST_NODE = 20;
const OLDEST_DRIVER = [1, 12] as const;
const DRIVERS_END = 3;

/** Whether this runtime is one that the library runs on. */
export function checkNode(version: string, runtime = 'Node.js'): Finding {
  const major = Number(/^v?(\d+)/.exec(version)?.[1]);
  if (runtime !== 'Node.js') return ok('Node.js', `${runtime} ${version}`);
  if (major >= OLDEST_NODE) return ok('Node.js', version);
  return broken('Node.js', `${version} is too old.`, `Install Node.js ${OLDEST_NODE} or newer.`);
}

/** Whether the installed driver is one that the library supports. */
export function checkDriver(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_DRIVER;
  const isOldEnough = major < DRIVERS_END;
  const isNewEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isOldEnough && isNewEnough) return ok('driver', `@databricks/sql ${version}`);
  const range = `${OLDEST_DRIVER.join('.')} to ${DRIVERS_END - 1}.x`;
  return broken('driver', `@databricks/sql ${version} is not supported.`, `Install a version from ${range}.`);
}

/** Whether the environment decides against telemetry. */
export function checkEnvironment(variables: readonly string[]): Finding {
  if (variables.length === 0) return ok('environment', `${OPT_OUTS.join(' and ')} do not switch telemetry off`);
  const says = `${variables.join(' and ')} ${variables.length === 1 ? 'switches' : 'switch'} telemetry off.`;
  return off('environment', says, 'Whoever runs the process decided that; without it the application decides.');
}
