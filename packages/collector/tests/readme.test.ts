import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_OPTIONS, GATEWAY_OPTIONS, SERVE_OPTIONS } from '../lib/cli/optionTable';

const PACKAGE = join(__dirname, '..');
const ROOT = join(PACKAGE, '..', '..');
const FLAG = /--[a-z]+(?:-[a-z]+)*-?/g;

const flagsIn = (text: string): string[] => [...new Set(text.match(FLAG))];
const flagsOf = (options: readonly { readonly long?: string | null | undefined }[]): string[] =>
  options.map(({ long }) => long ?? '');

/** A family is named once: `--clickhouse-…`. */
const isNamed = (flag: string, named: readonly string[]): boolean =>
  named.some((name) => name === flag || (name.endsWith('-') && flag.startsWith(name)));

describe('the README', () => {
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

  it('names every flag that there is', () => {
    const flags = flagsOf([...SERVE_OPTIONS(), ...GATEWAY_OPTIONS(), ...CLIENT_OPTIONS()]);
    expect(flags.filter((flag) => !isNamed(flag, flagsIn(readme)))).to.deep.equal([]);
  });

  for (const document of ['packages/collector/README.md', 'docs/DASHBOARD.md', 'docs/DRIVERS.md']) {
    it(`${document}: every flag of a command of the collector exists`, () => {
      const text = readFileSync(join(ROOT, document), 'utf8');
      const commands = document.startsWith('docs/')
        ? (text.match(/databricks-telemetry-collector (?:[^\n]*\\\n)*[^\n]*/g) ?? []).join('\n')
        : text.replace(/^(?:curl|npm) .*(?:\n  .*)*$/gm, '');
      const verbs = flagsIn(readFileSync(join(PACKAGE, 'lib', 'cli.ts'), 'utf8'));
      const known = [...verbs, ...flagsOf([...SERVE_OPTIONS(), ...GATEWAY_OPTIONS(), ...CLIENT_OPTIONS()])];
      expect(flagsIn(commands)).to.not.deep.equal([]);
      const unknown = flagsIn(commands).filter(
        (flag) => !known.some((name) => name === flag || (flag.endsWith('-') && name.startsWith(flag))),
      );
      expect(unknown).to.deep.equal([]);
    });
  }
});
