import { ClickHouse, type ClickHouseSettings } from './clickhouse/ClickHouse';
import { Databricks, type DatabricksSettings } from './databricks/Databricks';
import { DuckStore } from './duckdb/DuckStore';
import type { Engine } from './Engine';
import { removeLeftOvers } from './leftOvers';
import { Checkpoint } from './shared/Checkpoint';
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
  | (SharedSettings & { readonly kind: 'clickhouse'; readonly clickhouse: ClickHouseSettings })
  | (SharedSettings & { readonly kind: 'databricks'; readonly databricks: DatabricksSettings });

interface SharedSettings {
  readonly folder: string;
  /** An engine that says nothing for so long is away. */
  readonly timeoutMs: number;
}

/** Nothing else may be at work in the folder. */
export async function openEngine(settings: EngineSettings): Promise<Engine> {
  switch (settings.kind) {
    case 'duckdb':
      return embedded(settings);
    case 'clickhouse':
      return shared(new ClickHouse(settings.clickhouse, settings.timeoutMs), settings);
    case 'databricks':
      return shared(new Databricks(settings.databricks, settings), settings);
  }
}

async function embedded(settings: Extract<EngineSettings, { kind: 'duckdb' }>): Promise<Engine> {
  const store = await DuckStore.open(settings);
  removeLeftOvers(settings.folder);
  return store;
}

function shared(warehouse: Warehouse, { folder, timeoutMs }: SharedSettings): Promise<Engine> {
  removeLeftOvers(folder);
  return SharedStore.open(warehouse, new Checkpoint(folder), folder, timeoutMs);
}
