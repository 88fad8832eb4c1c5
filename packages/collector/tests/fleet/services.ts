/** What sends the logs: this library, or a driver that tells less. */
export type SenderKind = 'library' | 'python' | 'jdbc' | 'go';

export interface Version {
  readonly driver: string;
  readonly runtime: string;
}

export interface Service {
  /** Null: a driver that does not tell. */
  readonly name: string | null;
  readonly sender: SenderKind;
  readonly warehouse: string | null;
  readonly version: Version;
  readonly processes: number;
  readonly statementsPerHour: number;
  /** Median time of the backend, in milliseconds. */
  readonly backendMs: number;
  readonly cloudFetchShare: number;
  readonly format: 'INLINE_ARROW' | 'COLUMNAR_INLINE';
  readonly rows: number;
  readonly metadataShare: number;
}

const node = (driver: string, runtime = 'v20.20.2'): Version => ({ driver, runtime });

function service(name: string, changes: Partial<Service> & Pick<Service, 'warehouse' | 'version'>): Service {
  return {
    name,
    sender: 'library',
    processes: 1,
    statementsPerHour: 100,
    backendMs: 400,
    cloudFetchShare: 0,
    format: 'INLINE_ARROW',
    rows: 200,
    metadataShare: 0,
    ...changes,
  };
}

/** The fleet: six services that run this library, three programs with other drivers. */
export const SERVICES: readonly Service[] = [
  service('checkout-api', {
    warehouse: 'serving-s',
    version: node('2.1.0'),
    processes: 12,
    statementsPerHour: 1_150,
    backendMs: 60,
    rows: 12,
  }),
  service('pricing-engine', {
    warehouse: 'analytics-l',
    version: node('1.15.0'),
    processes: 4,
    statementsPerHour: 480,
    backendMs: 440,
    cloudFetchShare: 0.08,
    rows: 9_000,
  }),
  service('notebook-gateway', {
    warehouse: 'analytics-l',
    version: node('2.0.0'),
    processes: 3,
    statementsPerHour: 280,
    backendMs: 500,
    rows: 900,
    metadataShare: 0.2,
  }),
  service('ml-features', {
    warehouse: 'batch-m',
    version: node('1.17.0', 'v22.12.0'),
    processes: 6,
    statementsPerHour: 330,
    backendMs: 350,
    cloudFetchShare: 0.2,
    rows: 20_000,
  }),
  service('bi-export', {
    warehouse: 'batch-m',
    version: node('2.1.0'),
    statementsPerHour: 180,
    backendMs: 1_300,
    cloudFetchShare: 0.85,
    rows: 200_000,
  }),
  service('nightly-report', {
    warehouse: 'batch-m',
    version: node('1.12.0', 'v20.19.0'),
    statementsPerHour: 90,
    backendMs: 800,
    format: 'COLUMNAR_INLINE',
    rows: 3_000,
  }),
  service('demand-forecast', {
    sender: 'python',
    warehouse: 'analytics-l',
    version: { driver: '4.1.2', runtime: '3.11.9' },
    statementsPerHour: 150,
    backendMs: 700,
  }),
  service('ledger', {
    sender: 'jdbc',
    warehouse: 'serving-s',
    version: { driver: '1.0.9-oss', runtime: '17.0.1' },
    statementsPerHour: 120,
    backendMs: 240,
    cloudFetchShare: 0.3,
  }),
  {
    ...service('', { sender: 'go', warehouse: null, version: { driver: '1.7.0', runtime: '' }, statementsPerHour: 80 }),
    name: null,
  },
];

export const HOST = 'adb-7405608.12.azuredatabricks.net';
