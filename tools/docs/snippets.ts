/** A TypeScript example of a document. */
export interface Snippet {
  readonly document: string;
  /** Line on which it begins, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it stands behind `<!-- run -->`: executed, not only compiled. */
  readonly isRun: boolean;
}

const FENCE = /(<!-- run -->\s*)?^```ts\n([^]*?)^```$/gm;

export function snippetsOf(document: string, text: string): Snippet[] {
  return [...text.matchAll(FENCE)].map((match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length,
    code: match[2] ?? '',
    isRun: match[1] !== undefined,
  }));
}

/** What a snippet may use without saying where it comes from; its own declarations hide these. */
const SURROUNDINGS = ['host', 'path', 'token', 'client', 'session', 'workspace', 'log', 'console'] as const;

const IMPORT = /^import [^]*? from '[^']+';.*$/gm;

/** The snippet as a module with a function `run`. Its imports come first; names of the library need none. */
export function asModule(snippet: Snippet, library: string): string {
  const imports = snippet.code.match(IMPORT) ?? [];
  const body = snippet.code.replace(IMPORT, '').replace(/^export /gm, '');
  const functions = [...body.matchAll(/^(?:async )?function (\w+)\(\)/gm)].map(([, name]) => `await ${name}();`);
  const named = imports.join('\n');
  const used = ['DBSQLClient', 'LogLevel', 'DBSQLLogger', 'TelemetryEventType'].filter((name) => !named.includes(name));
  return [
    ...imports.map((line) => line.replace("'databricks-sql-telemetry'", `'${library}'`)),
    `import { ${used.join(', ')} } from '${library}';`,
    `import type { DBSQLClient as Client } from '${library}';`,
    `import type { LocalWorkspace as Workspace } from 'databricks-local-workspace';`,
    `type Session = Awaited<ReturnType<Client['openSession']>>;`,
    `interface Surroundings { host: string; path: string; token: string; client: Client; session: Session; workspace: Workspace; log: object; console: Pick<Console, 'log'> }`,
    `export async function run({ ${SURROUNDINGS.join(', ')} }: Surroundings): Promise<void> {`,
    `void [${[...SURROUNDINGS, ...used].join(', ')}];`,
    '{',
    body,
    ...functions,
    '}',
    '}',
  ].join('\n');
}
