import os from 'node:os';
import type { ClientConfig } from '../../contracts/IClientContext';
import type { ConnectionInfo, DriverConfiguration, SenderFacts } from '../../model/connection';
import { effectiveOptions, type OptionLevels } from '../../model/effectiveOptions';
import { publicHttpPath } from '../../model/fields/httpPath';
import { publicHost, publicLabel, publicWord } from '../../model/fields/publicLabel';
import type { TelemetryConfiguration } from '../../model/options';
import { ConnectionOrigin, type OriginAccess } from './ConnectionOrigin';
import type { ConnectOptionsView } from './connectOptions';
import { driverUserAgent, driverVersion, libraryVersion } from './driverPackage';
import { localeName } from './locale';
import { processId, runtime, scriptName } from './runtime';

const DRIVER_NAME = 'nodejs-sql-driver';
/** Pause of the driver between two status requests; a constant inside the driver. */
const DRIVER_POLL_INTERVAL_MS = 100;

/** Workspace id from `?o=<digits>` or `/o/<digits>/` of the HTTP path; undefined when it is not there. */
export function workspaceIdOf(httpPath: string): string | undefined {
  const [pathname = '', query = ''] = httpPath.split('?', 2);
  const fromQuery = new URLSearchParams(query).get('o');
  if (fromQuery !== null && /^\d+$/.test(fromQuery)) return fromQuery;
  return /(?:^|\/)o\/(\d+)(?:\/|$)/.exec(pathname)?.[1];
}

function userAgentEntryOf({ userAgentEntry, clientId }: ConnectOptionsView): string | undefined {
  return userAgentEntry || clientId;
}

/** The authentication names of the telemetry service for a connection. */
function authenticationOf(
  options: ConnectOptionsView,
): Pick<DriverConfiguration, 'authType' | 'authMech' | 'authFlow'> {
  switch (options.authType) {
    case undefined:
    case 'access-token':
      return { authType: 'pat', authMech: 'PAT', authFlow: 'TOKEN_PASSTHROUGH' };
    case 'databricks-oauth':
      return options.oauthClientSecret === undefined
        ? { authType: 'external-browser', authMech: 'OAUTH', authFlow: 'BROWSER_BASED_AUTHENTICATION' }
        : { authType: 'oauth-m2m', authMech: 'OAUTH', authFlow: 'CLIENT_CREDENTIALS' };
    case 'token-provider':
    case 'external-token':
    case 'static-token':
      return { authType: options.authType, authMech: 'OAUTH', authFlow: 'TOKEN_PASSTHROUGH' };
    default:
      return { authType: 'custom', authMech: 'OTHER', authFlow: undefined };
  }
}

function driverConfiguration(
  options: ConnectOptionsView,
  config: ClientConfig,
  { hostname, port }: ConnectionOrigin,
  serviceName: string | undefined,
): DriverConfiguration {
  return Object.freeze({
    driverVersion,
    driverName: DRIVER_NAME,
    libraryVersion,
    ...runtime(),
    osName: process.platform,
    osVersion: os.release(),
    osArch: os.arch(),
    localeName: localeName(),
    charSetEncoding: 'UTF-8',
    processName: publicWord(scriptName()),
    serviceName,
    processId,
    clientAppName: publicLabel(userAgentEntryOf(options)),
    ...authenticationOf(options),
    httpPath: publicHttpPath(options.path),
    mode: options.useKernel === true ? 'SEA' : 'THRIFT',
    hostUrl: hostname,
    port,
    useProxy: options.proxy !== undefined,
    proxyHost: publicHost(options.proxy?.host),
    proxyPort: options.proxy?.port,
    arrowEnabled: config.arrowEnabled ?? true,
    directResultsEnabled: true,
    cloudFetchEnabled: config.useCloudFetch,
    lz4Enabled: config.useLZ4Compression,
    complexTypesEnabled: config.useArrowNativeTypes ?? true,
    metricViewMetadataEnabled: 'enableMetricViewMetadata' in config && config.enableMetricViewMetadata === true,
    selfSignedAllowed: options.checkServerCertificate === false,
    socketTimeoutSeconds: Math.round((options.socketTimeout ?? config.socketTimeout) / 1000),
    asyncPollIntervalMs: DRIVER_POLL_INTERVAL_MS,
    rowsFetchedPerBlock: config.fetchChunkDefaultMaxRows,
    retryMaxAttempts: config.retryMaxAttempts,
    retryTimeoutMs: config.retriesTimeout,
    retryDelayMinMs: config.retryDelayMin,
    retryDelayMaxMs: config.retryDelayMax,
    cloudFetchConcurrentDownloads: config.cloudFetchConcurrentDownloads,
  } satisfies DriverConfiguration);
}

/** What a collector of one's own is told; nobody else is, so it is put together for nobody else. */
function senderOf(
  service: string | undefined,
  telemetry: TelemetryConfiguration,
  levels: OptionLevels,
): SenderFacts | undefined {
  if (telemetry.endpoint === undefined) return undefined;
  const { runtimeVersion } = runtime();
  return { service, processId, libraryVersion, runtimeVersion, options: effectiveOptions(telemetry, levels) };
}

/** All that is the same for every record of one connection. */
export function describeConnection(
  options: ConnectOptionsView,
  config: ClientConfig,
  telemetry: TelemetryConfiguration,
  levels: OptionLevels,
  access: OriginAccess,
): ConnectionInfo {
  const service = telemetry.serviceName || publicLabel(userAgentEntryOf(options)) || publicWord(scriptName());
  const workspaceId = workspaceIdOf(options.path);
  const origin = new ConnectionOrigin(options, {
    authenticated: telemetry.authenticatedExport,
    anonymousErrors: telemetry.anonymousErrors,
    userAgent: driverUserAgent(userAgentEntryOf(options)),
    workspaceId,
    sender: senderOf(service, telemetry, levels),
    access,
  });
  const info = {
    origin,
    workspaceId,
    driverConfig: driverConfiguration(options, config, origin, service),
    logLevel: telemetry.logLevel,
    slowStatementMs: telemetry.slowStatementMs,
    statementTtlMs: telemetry.statementTtlMs,
    maxStatementMetrics: telemetry.maxStatementMetrics,
    isTextAllowed: telemetry.statementText,
  };
  // Headers and the client's key: not for those who print an event.
  Object.defineProperty(info, 'origin', { enumerable: false });
  return Object.freeze(info);
}
