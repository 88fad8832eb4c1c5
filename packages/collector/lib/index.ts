export { startCollector, type Collector } from './Collector';
export { OptionError, type CollectorOptions, type LogLine, type TlsOptions, type TokenOptions } from './options';
export type { HistoryOptions } from './history/options';
export { CollectorClient, CollectorError, type ClientOptions } from './client/CollectorClient';
export type { StatementSummary } from './store/queries/summary';
export { startGateway, type Gateway } from './gateway/Gateway';
export type { GatewayOptions, TelemetryMode } from './gateway/options';
export type { GatewayStats } from './gateway/Front';
export type { CopyCounts } from './gateway/Copies';
