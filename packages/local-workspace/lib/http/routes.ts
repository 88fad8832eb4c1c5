import { isSeaPath } from '../sea/calls';

export const ROUTES = [
  'thrift',
  'sea',
  'cloudfetch',
  'feature-flags',
  'telemetry-ext',
  'telemetry-unauth',
  'volumes',
  'oidc',
  'oauth-token',
  'admin',
  'unknown',
] as const;

export type RouteName = (typeof ROUTES)[number];

const FEATURE_FLAGS = /^\/api\/2\.0\/connector-service\/feature-flags\/[A-Za-z_]+\/[0-9A-Za-z.+-]+$/;
const WAREHOUSE = /^\/sql\/(?:1\.0\/(?:warehouses|endpoints)\/[^/]+|protocolv1\/o\/\d+\/[^/]+)\/?$/;

const FIXED: Readonly<Record<string, RouteName>> = {
  '/api/2.0/sql/telemetry-ext': 'telemetry-ext',
  '/telemetry-ext': 'telemetry-ext',
  '/api/2.0/sql/telemetry-unauth': 'telemetry-unauth',
  '/telemetry-unauth': 'telemetry-unauth',
  '/oidc/.well-known/oauth-authorization-server': 'oidc',
  '/oidc/.well-known/openid-configuration': 'oidc',
  '/.well-known/databricks-config': 'oidc',
  '/oidc/v1/token': 'oauth-token',
};

/** The route that a URL path (without query) belongs to. Total. */
export function routeOf(path: string): RouteName {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined;
  if (fixed) return fixed;
  if (WAREHOUSE.test(path)) return 'thrift';
  if (isSeaPath(path)) return 'sea';
  if (path.startsWith('/cloudfetch/')) return 'cloudfetch';
  if (FEATURE_FLAGS.test(path)) return 'feature-flags';
  if (path.startsWith('/volumes/')) return 'volumes';
  if (path.startsWith('/admin/')) return 'admin';
  return 'unknown';
}
