import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVE_OPTIONS } from '../lib/cli/optionTable';

const read = (name: string): string => readFileSync(join(__dirname, '..', 'deploy', name), 'utf8');
const VARIABLES = new Set(SERVE_OPTIONS().map(({ envVar }) => envVar));
const PORT = 4_300;

/** Variables of the collector that a text sets, each an option that exists. */
function variablesIn(text: string): Map<string, string> {
  const set = new Map(
    [...text.matchAll(/\b(TELEMETRY_COLLECTOR_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  for (const name of set.keys()) expect([...VARIABLES], name).to.include(name);
  return set;
}

describe('files for those who run it', () => {
  it('the systemd unit: sections and keys are whole, it may write its state alone, and stops by the signal that loses nothing', () => {
    const unit = read('databricks-telemetry-collector.service');
    const sections = new Map<string, Map<string, string>>();
    let keys = new Map<string, string>();
    for (const line of unit.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
      const section = /^\[(\w+)\]$/.exec(line)?.[1];
      if (section !== undefined) sections.set(section, (keys = new Map<string, string>()));
      else {
        const [, key = '', value = ''] = /^(\w+)=(.+)$/.exec(line) ?? [];
        expect(key, line).to.not.equal('');
        keys.set(key, value);
      }
    }
    expect([...sections.keys()]).to.deep.equal(['Unit', 'Service', 'Install']);
    const service = sections.get('Service') ?? new Map<string, string>();
    expect(service.get('ExecStart')).to.match(/^\/.* databricks-telemetry-collector$/);
    expect(service.get('KillSignal')).to.equal('SIGTERM');
    expect(service.get('ProtectSystem')).to.equal('strict');
    const data = variablesIn(unit).get('TELEMETRY_COLLECTOR_DATA');
    expect(data).to.equal(`/var/lib/${service.get('StateDirectory') ?? ''}`);
  });

  it('the Dockerfile: every instruction is one, it does not run as root, and takes tokens from files', () => {
    const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#')); // prettier-ignore
    const instructions = lines.map((line) => /^([A-Z]+) (.+)$/.exec(line)?.slice(1) ?? ['', '']);
    const known = ['FROM', 'ARG', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT'];
    for (const [name] of instructions) expect(known, name).to.include(name);
    const of = (name: string): string | undefined => instructions.find(([first]) => first === name)?.[1];
    expect([of('USER'), of('EXPOSE'), of('STOPSIGNAL')]).to.deep.equal(['node', String(PORT), 'SIGTERM']);
    const variables = variablesIn(lines.join('\n'));
    expect(of('VOLUME')).to.equal(variables.get('TELEMETRY_COLLECTOR_DATA'));
    expect([...variables.keys()].filter((name) => /_TOKEN$/.test(name))).to.deep.equal([]);
    expect([...variables.keys()].filter((name) => /_TOKEN_FILE$/.test(name))).to.have.lengthOf(3);
    const [, health = ''] = /CMD (\[.*\])$/.exec(of('HEALTHCHECK') ?? '') ?? [];
    expect(JSON.parse(health)).to.include('node');
  });
});
