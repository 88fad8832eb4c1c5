import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { IClientContext, IConnectionProvider } from '../../contracts/IClientContext';
import { debugLog } from '../../util/debugLog';

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

/** The methods of the connection provider that the wire seam passes on: all that the driver asks of it. */
export const CONNECTION_PROVIDER_METHODS = [
  'getThriftConnection',
  'getAgent',
  'setHeaders',
  'getRetryPolicy',
] as const satisfies ReadonlyArray<keyof IConnectionProvider>;

/** What the driver's provider has for itself, for nobody else to call. */
const OWN_CONNECTION_METHODS = ['getAgentDefaultOptions', 'createHttpAgent', 'createHttpsAgent', 'createProxyAgent'];

/** How the methods of a driver differ from the known ones; empty when they do not. */
export function driverDifferences(driver: object): string[] {
  return differences(driver, DRIVER_METHODS);
}

/** How the methods of a connection provider differ from the known ones; empty when they do not. */
export function connectionProviderDifferences(provider: object): string[] {
  return differences(provider, CONNECTION_PROVIDER_METHODS, OWN_CONNECTION_METHODS);
}

/** Names that a class and its like have for themselves. A class is looked at once. */
const ownNamesOf = new WeakMap<object, readonly string[]>();

function ownNames(prototype: object): readonly string[] {
  const known = ownNamesOf.get(prototype);
  if (known !== undefined) return known;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => !(name in Object.prototype));
  ownNamesOf.set(prototype, names);
  return names;
}

function differences(target: object, required: readonly string[], others: readonly string[] = []): string[] {
  const found = ownNames((Object.getPrototypeOf(target) ?? Object.prototype) as object);
  return [
    ...required.filter((name) => typeof Reflect.get(target, name) !== 'function').map((name) => `-${name}`),
    ...found.filter((name) => !required.includes(name) && !others.includes(name)).map((name) => `+${name}`),
  ];
}

/** Whether the wire seam can stand in for `driver`; an unknown shape is named in one debug line. */
export function isKnownDriver(driver: IDriver, context: IClientContext): boolean {
  return isKnown('driver', driverDifferences(driver), context);
}

/** Whether the wire seam can stand in for `provider`; an unknown shape is named in one debug line. */
export function isKnownConnectionProvider(provider: IConnectionProvider, context: IClientContext): boolean {
  return isKnown('connection provider', connectionProviderDifferences(provider), context);
}

function isKnown(what: string, found: readonly string[], context: IClientContext): boolean {
  if (found.length === 0) return true;
  debugLog(context, `${what} not observed, its methods differ: ${found.join(' ')}`);
  return false;
}
