export {
  startLocalWorkspace,
  type ConnectionSettings,
  type KernelConnectionSettings,
  type LocalWorkspace,
} from './workspace';
export type {
  CloudFetchOptions,
  LocalWorkspaceOptions,
  MutualTlsOptions,
  ProtocolLevel,
  StatementLimits,
} from './options';
export type { TenantOptions } from './auth/tenants';
export { FAULT_ACTIONS, type FaultAction, type FaultControl, type FaultHandle, type FaultSpec } from './http/faults';
export { ROUTES, type RouteName } from './http/routes';
export { RPC_NAMES, type OperationRpc, type RpcName } from './thrift/rpc';
export { SEA_CALLS, type SeaCallName } from './sea/calls';
export type { CallName } from './http/calls';
export type {
  FileDownload,
  OfferedFile,
  ReceivedLog,
  ReceivedProtocol,
  ReceivedRequest,
  ReceivedResultFormat,
  ReceivedTelemetryLog,
  ReceivedTelemetryRequest,
  RequestFilter,
  SessionRecord,
  StatementFilter,
  StatementOutcome,
  StatementRecord,
  TelemetryLogBody,
  TelemetryLogFilter,
} from './received/types';
export { TELEMETRY_FLAG } from './routes/featureFlags';
export { startConnectProxy, type ConnectProxy, type ProxiedTunnel, type ProxyOptions } from './proxy';
export { validateTelemetryLog, type TelemetryViolation } from './telemetry/validate';
export { TELEMETRY_LOG as TELEMETRY_FIELDS, type FieldRule as TelemetryFieldRule } from './telemetry/fields';
