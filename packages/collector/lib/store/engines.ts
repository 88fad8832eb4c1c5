import { ClickHouse, type ClickHouseSettings } from './clickhouse/ClickHouse';
import { Databricks, type DatabricksSettings } from './databricks/Databricks';
import { DuckStore } from './duckdb/DuckStore';
import type { Engine } from './Engine';
import { Checkpoint } from './shared/Checkpoint';
import { FolderLock } from './shared/FolderLock';
import { SharedStore } from './shared/SharedStore';
import type { Warehouse } from './shared/Warehouse';

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
      return shared(new ClickHouse(settings.clickhouse), folder);
    case 'databricks':
      return shared(new Databricks(settings.databricks, folder), folder);
  }
}

async function shared(warehouse: Warehouse, folder: string): Promise<Engine> {
  const lock = await FolderLock.take(folder);
  try {
    return await SharedStore.open(warehouse, lock, new Checkpoint(folder), folder);
  } catch (error) {
    lock.release();
    throw error;
  }
}
