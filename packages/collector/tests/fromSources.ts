import { join } from 'node:path';

const PACKAGE = join(__dirname, '..');
const LOADER = join(PACKAGE, '..', '..', 'tools', 'typescript.cjs');

/** What Node.js is started with to run a TypeScript file of the package: `lib/cli.ts`. */
export function fromSources(file: string): string[] {
  return ['-r', LOADER, join(PACKAGE, file)];
}
