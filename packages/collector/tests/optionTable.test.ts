import { expect } from 'chai';
import { Command, type Option } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { gatewayConfigurationOf, optionsOf } from '../lib/cli/configuration';
import { GATEWAY_OPTIONS, SERVE_OPTIONS } from '../lib/cli/optionTable';
import { OptionError, settingsOf } from '../lib/options';

type Given = readonly (readonly [option: Option, text: string])[];

/** Files whose content, not whose name, is what an option means. */
const isRead = ({ long }: Option): boolean =>
  /-(?:cert|key|ca|password-file|token-file|headers-file)$/.test(long ?? '');

/** Two that belong together. */
const isTls = ({ long }: Option): boolean => long?.startsWith('--tls-') === true;

describe('every option', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'collector-options-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A value for each of `options`, no two alike. */
  const valuesFor = (options: readonly Option[]): Given =>
    options
      .filter(({ long }) => long !== '--config')
      .map((option, index) => {
        if (option.flags.includes('<id=name,')) return [option, `id-${index}=name-${index},other=second`];
        if (option.flags.includes('<names>')) return [option, `one-${index}.example,two-${index}.example`];
        if (isRead(option)) {
          const file = join(folder, `file-${index}`);
          writeFileSync(file, `x-name = content of file ${index}`);
          return [option, file];
        }
        return [option, option.parseArg === undefined ? `text-${index}` : String(1_000 + index)];
      });

  const parsed = (options: readonly Option[], args: readonly string[], env: Record<string, string> = {}): Command => {
    const command = new Command().exitOverride();
    for (const option of options) command.addOption(option);
    const { env: outer } = process;
    process.env = env;
    try {
      return command.parse([...args], { from: 'user' });
    } finally {
      process.env = outer;
    }
  };
  const inFlags = (given: Given): string[] => given.flatMap(([{ long }, text]) => [long ?? '', text]);
  const inEnvironment = (given: Given): Record<string, string> =>
    Object.fromEntries(given.map(([{ envVar }, text]) => [envVar ?? '', text]));
  const inFile = (given: Given, write: (value: unknown) => string): string[] => {
    const values = given.map(([option, text]) => [
      option.attributeName(),
      option.parseArg === undefined ? text : option.parseArg(text, undefined),
    ]);
    const file = join(folder, 'configuration');
    writeFileSync(file, write(Object.fromEntries(values)));
    return ['--config', file];
  };

  for (const [verb, options, read] of [
    ['serve', SERVE_OPTIONS, optionsOf],
    ['gateway', GATEWAY_OPTIONS, gatewayConfigurationOf],
  ] as const) {
    it(`of ${verb} means the same as a flag, in the environment, in a YAML file and in a JSON file`, () => {
      const all = valuesFor(options()).filter(([{ long }]) => verb === 'serve' || long !== '--collector');
      const expected = read(parsed(options(), inFlags(all)));
      expect(read(parsed(options(), [], inEnvironment(all)))).to.deep.equal(expected);
      expect(read(parsed(options(), inFile(all, stringify)))).to.deep.equal(expected);
      expect(read(parsed(options(), inFile(all, JSON.stringify)))).to.deep.equal(expected);
      const [configFlag = '', file = ''] = inFile(all, stringify);
      const { envVar } = options().find(({ long }) => long === configFlag) ?? {};
      expect(read(parsed(options(), [], { [envVar ?? '']: file }))).to.deep.equal(expected);
      for (const one of all) {
        const others = all.filter((other) => other !== one && !(isTls(one[0]) && isTls(other[0])));
        for (const without of [
          read(parsed(options(), inFlags(others))),
          read(parsed(options(), [], inEnvironment(others))),
          read(parsed(options(), inFile(others, stringify))),
        ]) {
          expect(without, one[0].long).to.not.deep.equal(expected);
        }
      }
    });

    it(`of ${verb} is refused by name where a file holds a value of another type: it never counts as "not given"`, () => {
      const file = join(folder, 'wrong.yaml');
      for (const option of options().filter(({ long }) => long !== '--config')) {
        const name = option.attributeName();
        const others = [null, true, [], {}, option.parseArg === undefined ? 7 : 'text'];
        for (const value of name === 'warehouseNames'
          ? [null, true, [], 'text']
          : name === 'allowedHosts'
            ? [null, true, {}, 'text']
            : others) {
          // prettier-ignore
          writeFileSync(file, stringify({ [name]: value }));
          const given = (): unknown => {
            const values = read(parsed(options(), ['--config', file]));
            return 'gateway' in values ? values : settingsOf(values);
          };
          expect(given, `${name}: ${JSON.stringify(value)}`).to.throw(OptionError, name);
        }
      }
    });
  }
});
