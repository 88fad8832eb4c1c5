import { textOrNull, type Query } from './Query';

/** What connections are known by: the values that filters can have. */
export interface Names {
  readonly services: readonly string[];
  readonly hosts: readonly string[];
  readonly warehouses: readonly string[];
  readonly drivers: readonly string[];
  readonly driverVersions: readonly string[];
  readonly runtimeVersions: readonly string[];
}

const COLUMNS: Readonly<Record<keyof Names, string>> = {
  services: 'service',
  hosts: 'host',
  warehouses: 'warehouse',
  drivers: 'driver',
  driverVersions: 'driverVersion',
  runtimeVersions: 'runtimeVersion',
};
const MAX_NAMES = 1_000;

export const names: Query<Record<string, never>, Names> = {
  async run(database) {
    const lists = Object.entries(COLUMNS).map(async ([name, column]): Promise<[string, string[]]> => {
      const rows = await database.rows(
        `SELECT DISTINCT "${column}" AS name FROM dims WHERE "${column}" IS NOT NULL ORDER BY 1 LIMIT ${MAX_NAMES}`,
      );
      return [name, rows.flatMap((row) => textOrNull(row['name']) ?? [])];
    });
    return Object.fromEntries(await Promise.all(lists)) as Record<keyof Names, string[]>;
  },
};
