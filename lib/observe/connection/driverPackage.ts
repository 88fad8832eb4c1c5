import os from 'node:os';
import { publicLabel } from '../../model/fields/publicLabel';
import type { Product } from '../../telemetry/FeatureFlagCache';

/** Version of the installed driver. */
export const driverVersion: string = versionIn(require('@databricks/sql/package.json') as Manifest);

/** Version of this library: its manifest is as far from the sources as from what is built of them. */
export const libraryVersion: string = versionIn(require('../../../package.json') as Manifest);

interface Manifest {
  readonly version?: unknown;
}

function versionIn({ version }: Manifest): string {
  return typeof version === 'string' ? version : '0.0.0';
}

type UserAgentBuilder = (entry?: string) => string;

/** The driver's own builder, so that telemetry and queries carry the same User-Agent; undefined where it has moved. */
function loadUserAgentBuilder(): UserAgentBuilder | undefined {
  try {
    const loaded = require('@databricks/sql/dist/utils/buildUserAgentString') as { default?: unknown };
    return typeof loaded.default === 'function' ? (loaded.default as UserAgentBuilder) : undefined;
  } catch {
    // A driver without that module gets the same format from here.
    return undefined;
  }
}

const buildUserAgent = loadUserAgentBuilder();

/** The User-Agent of a connection's requests. An entry that looks like a credential is not in it. */
export function driverUserAgent(given: string | undefined): string {
  const entry = publicLabel(given);
  if (buildUserAgent !== undefined) return buildUserAgent(entry);
  const comment = [entry, `Node.js ${process.versions.node}`, `${os.type()} ${os.release()}`].filter(Boolean);
  return `NodejsDatabricksSqlConnector/${driverVersion} (${comment.join('; ')})`;
}

/** Who asks where no connection stands behind a request. */
export function product(userAgentEntry: string | undefined): Product {
  return { driverVersion, userAgent: driverUserAgent(userAgentEntry) };
}
