import path from 'node:path';
import type * as library from 'databricks-sql-telemetry';

const LIBRARY = path.resolve(__dirname, '../../../lib') + path.sep;

/** The library loaded once more, as where two packages depend on two versions of it, or where code is loaded anew while it runs. */
export function anotherCopy(): typeof library {
  const cached = Object.entries(require.cache).filter(([file]) => file.startsWith(LIBRARY));
  for (const [file] of cached) delete require.cache[file];
  try {
    return module.require(path.join(LIBRARY, 'index.ts')) as typeof library;
  } finally {
    for (const file of Object.keys(require.cache)) if (file.startsWith(LIBRARY)) delete require.cache[file];
    for (const [file, loaded] of cached) require.cache[file] = loaded;
  }
}
