import { ClickHouse, type ClickHouseSettings } from './clickhouse/ClickHouse';
import { Databricks, type DatabricksSettings } from './databricks/Databricks';
import { DuckStore } from './duckdb/DuckStore';
import type { Engine } from './Engine';
import { Checkpoint } from './shared/Checkpoint';
import { SharedStore } from './shared/SharedStore';

/** Which engine keeps the statements, and what it takes to open it. */
export type EngineSettings =
  | {
      readonly kind: 'duckdb';
      readonly folder: string;
      readonly memoryMb: number;
      readonly threads: number;
      readonly recentDays: number;
    }
  | { readonly kind: 'clickhouse'; readonly folder: string; readonly clickhouse: ClickHouseSettings }
  | { readonly kind: 'databricks'; readonly folder: string; readonly databricks: DatabricksSettings };

export async function openEngine(settings: EngineSettings): Promise<Engine> {
  const { folder } = settings;
  switch (settings.kind) {
    case 'duckdb':
      return DuckStore.open(settings);
    case 'clickhouse':
      return SharedStore.open(new ClickHouse(settings.clickhouse), new Checkpoint(folder), folder);
    case 'databricks':
      return SharedStore.open(new Databricks(settings.databricks, folder), new Checkpoint(folder), folder);
  }
}
