import { DuckStore } from './duckdb/DuckStore';
import type { Engine } from './Engine';

/** Which engine keeps the statements, and what it takes to open it. */
export interface EngineSettings {
  readonly kind: 'duckdb';
  readonly folder: string;
  readonly memoryMb: number;
  readonly threads: number;
  readonly recentDays: number;
}

export function openEngine(settings: EngineSettings): Promise<Engine> {
  switch (settings.kind) {
    case 'duckdb':
      return DuckStore.open(settings);
  }
}
