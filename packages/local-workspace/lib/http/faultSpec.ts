import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isCallName, isCallOf } from './calls';
import { FAULT_ACTIONS, type FaultAction, type FaultSpec } from './faults';
import { ROUTES, type RouteName } from './routes';

type Range = readonly [least: number, most: number];

const DAY_MS = 86_400_000;

/** Whole numbers, and between which bounds. */
const NUMBERS: Readonly<Record<string, Range | undefined>> = {
  times: [1, 1e9],
  skip: [0, 1e9],
  status: [200, 599],
  delayMs: [0, DAY_MS],
  bytesPerSecond: [1, 1e12],
  acceptLogs: [0, 1e9],
};
const TEXTS: ReadonlySet<string> = new Set(['pathIncludes', 'tenant', 'body']);

/** A fault from JSON, or what is wrong with it. */
export function readFault(value: unknown): FaultSpec | string {
  if (!isObject(value)) return 'The body is not a JSON object';
  const spec: FaultSpec = {};
  for (const [key, item] of Object.entries(value)) {
    const part = readField(key, item);
    if (part === undefined) return `'${key}' is not a field of a fault, or has a wrong value`;
    Object.assign(spec, part);
  }
  return combinationProblem(spec) ?? spec;
}

function readField(key: string, item: unknown): Partial<FaultSpec> | undefined {
  const range = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
  if (range) return isWhole(item, range) ? { [key]: item } : undefined;
  if (TEXTS.has(key)) return typeof item === 'string' ? { [key]: item } : undefined;
  switch (key) {
    case 'route':
      return (ROUTES as readonly unknown[]).includes(item) ? { route: item as RouteName } : undefined;
    case 'rpc':
      return typeof item === 'string' && isCallName(item) ? { rpc: item } : undefined;
    case 'action':
      return (FAULT_ACTIONS as readonly unknown[]).includes(item) ? { action: item as FaultAction } : undefined;
    case 'expireLinks':
    case 'chunked':
      return typeof item === 'boolean' ? { [key]: item } : undefined;
    case 'headers':
      return isHeaders(item) ? { headers: item } : undefined;
    case 'error':
      return readError(item);
    default:
      return undefined;
  }
}

function readError(item: unknown): Partial<FaultSpec> | undefined {
  if (!isObject(item) || typeof item['message'] !== 'string') return undefined;
  const { message, sqlState } = item;
  if (sqlState === undefined) return { error: { message } };
  return typeof sqlState === 'string' && /^[0-9A-Z]{5}$/.test(sqlState) ? { error: { message, sqlState } } : undefined;
}

/** Parts that contradict each other, or a fault that changes nothing. */
function combinationProblem(spec: FaultSpec): string | undefined {
  if (spec.rpc !== undefined && spec.route !== undefined && !isCallOf(spec.route, spec.rpc))
    return `'${spec.rpc}' is no call of the route ${spec.route}`;
  const {
    route: _route,
    rpc: _rpc,
    times: _times,
    skip: _skip,
    pathIncludes: _path,
    tenant: _tenant,
    ...effects
  } = spec;
  return Object.keys(effects).length === 0 ? 'The fault has no effect' : undefined;
}

function isWhole(item: unknown, [least, most]: Range): boolean {
  return typeof item === 'number' && Number.isSafeInteger(item) && item >= least && item <= most;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHeaders(value: unknown): value is Record<string, string> {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, item]) => typeof item === 'string' && isHeader(name, item));
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
