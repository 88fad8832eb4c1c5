import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { IClientContext } from '../contracts/IClientContext';
import { debugLog } from '../telemetry/debugLog';

/** The RPC methods of the driver that the wire seam passes on: all there are, in every supported version. */
export const DRIVER_METHODS = [
  'openSession',
  'closeSession',
  'executeStatement',
  'getResultSetMetadata',
  'fetchResults',
  'getInfo',
  'getTypeInfo',
  'getCatalogs',
  'getSchemas',
  'getTables',
  'getTableTypes',
  'getColumns',
  'getFunctions',
  'getPrimaryKeys',
  'getCrossReference',
  'getOperationStatus',
  'cancelOperation',
  'closeOperation',
  'getDelegationToken',
  'cancelDelegationToken',
  'renewDelegationToken',
] as const satisfies ReadonlyArray<keyof IDriver>;

/** How the methods of a driver differ from the known ones; empty when they do not. */
export function driverDifferences(driver: object): string[] {
  const prototype = Object.getPrototypeOf(driver) as object;
  const found = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  const known = new Set<string>(DRIVER_METHODS);
  return [
    ...DRIVER_METHODS.filter((name) => typeof Reflect.get(driver, name) !== 'function').map((name) => `-${name}`),
    ...found.filter((name) => !known.has(name)).map((name) => `+${name}`),
  ];
}

/** Whether the wire seam can stand in for `driver`; an unknown shape is named in one debug line. */
export function isKnownDriver(driver: IDriver, context: IClientContext): boolean {
  const differences = driverDifferences(driver);
  if (differences.length === 0) return true;
  debugLog(context, `driver not observed, its methods differ: ${differences.join(' ')}`);
  return false;
}
