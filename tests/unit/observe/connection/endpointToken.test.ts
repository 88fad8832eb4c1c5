import { expect } from 'chai';
import { effectiveOptions } from '../../../../lib/model/effectiveOptions';
import { environmentOptions } from '../../../../lib/model/environmentOptions';
import { resolveConfiguration, type TelemetryOptions } from '../../../../lib/model/options';
import { decide } from '../../../../lib/observe/connection/optOut';

const ENDPOINT = 'DATABRICKS_TELEMETRY_ENDPOINT';
const TOKEN = 'DATABRICKS_TELEMETRY_ENDPOINT_TOKEN';
const [OURS, THEIRS] = ['https://collector.test', 'https://other.test'];
const SECRET = 'token-of-the-collector';

const address = (telemetryEndpoint: string | URL): TelemetryOptions => ({ telemetryEndpoint });
const token: TelemetryOptions = { telemetryEndpointToken: SECRET };

interface Case {
  readonly title: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly ofClient?: TelemetryOptions;
  readonly ofConnection?: TelemetryOptions;
  readonly sends: boolean;
}

const CASES: readonly Case[] = [
  {
    title: 'of the environment goes to the server named there',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    sends: true,
  },
  {
    title: 'of the environment goes to the server that code names alone',
    env: { [TOKEN]: SECRET },
    ofClient: address(OURS),
    sends: true,
  },
  {
    title: 'of the environment goes to no other server that the constructor names',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    ofClient: address(THEIRS),
    sends: false,
  },
  {
    title: 'of the environment goes to no other server that connect() names',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    ofConnection: address(new URL(THEIRS)),
    sends: false,
  },
  {
    title: 'of the environment goes to another path of its server',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    ofConnection: address(`${OURS}:443/logs`),
    sends: true,
  },
  {
    title: 'of the environment goes to no other port',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    ofConnection: address(`${OURS}:8443`),
    sends: false,
  },
  {
    title: 'of the constructor goes to no other server that connect() names',
    ofClient: { ...address(OURS), ...token },
    ofConnection: address(THEIRS),
    sends: false,
  },
  {
    title: 'of the constructor goes to the server that connect() names alone',
    ofClient: token,
    ofConnection: address(THEIRS),
    sends: true,
  },
  {
    title: 'of connect() goes to the server of the constructor',
    ofClient: address(OURS),
    ofConnection: token,
    sends: true,
  },
  { title: 'of code goes to the server of the environment', env: { [ENDPOINT]: OURS }, ofClient: token, sends: true },
  {
    title: 'goes nowhere where the address cannot be read',
    env: { [ENDPOINT]: OURS, [TOKEN]: SECRET },
    ofClient: address('nowhere'),
    sends: false,
  },
];

describe('the token of a collector', () => {
  for (const { title, env = {}, ofClient = {}, ofConnection = {}, sends } of CASES) {
    it(title, () => {
      const decision = decide({ telemetryEnabled: true, ...ofClient }, ofConnection, environmentOptions(env));
      const inEffect = resolveConfiguration(decision.options);
      expect(inEffect.endpointToken).to.equal(sends ? SECRET : undefined);
      expect(decision.configuration.endpointToken).to.equal(inEffect.endpointToken);
      const { telemetryEndpointToken: shown } = effectiveOptions(decision.configuration, decision.levels);
      expect(shown?.value).to.equal(null);
      expect(shown?.setBy === 'default').to.equal(!sends);
    });
  }

  it('of the environment closes where it could be overheard, and the problem names the variable', () => {
    const env = { [ENDPOINT]: 'http://collector.test', [TOKEN]: SECRET };
    const { problems, configuration } = decide({ telemetryEnabled: true }, {}, environmentOptions(env));
    expect(problems).to.deep.equal([
      { option: 'telemetryEndpointToken', given: 'string', done: 'nothing leaves', variable: TOKEN },
    ]);
    expect(configuration.enabled).to.equal(false);
  });
});
