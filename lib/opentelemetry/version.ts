/** Name of the instrumentation scope. */
export const SCOPE_NAME = 'databricks-sql-telemetry';

/** Version of this library: its manifest is as far from the sources as from what is built of them. */
export const SCOPE_VERSION: string = versionIn(require('../../package.json') as { readonly version?: unknown });

function versionIn({ version }: { readonly version?: unknown }): string {
  return typeof version === 'string' ? version : '0.0.0';
}
