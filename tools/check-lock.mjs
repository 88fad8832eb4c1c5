// The lock file must work for everybody: no address of a registry or a folder outside the repository in it.
// Usage: npm run check:lock
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const addresses = Object.entries(packages).filter(
  ([, entry]) => entry.resolved && !(entry.link && /^$|^packages\/|^benchmarks$/.test(entry.resolved)),
);
for (const [name, { resolved }] of addresses) console.error(`package-lock.json: ${name} comes from ${resolved}`);
process.exitCode = addresses.length > 0 ? 1 : 0;
