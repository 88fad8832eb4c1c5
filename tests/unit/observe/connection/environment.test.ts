import { expect } from 'chai';
import { environmentOptions } from '../../../../lib/model/environmentOptions';
import { DEBUG_LINES, resolveConfiguration, type TelemetryOptions } from '../../../../lib/model/options';
import { decide, type Decision } from '../../../../lib/observe/connection/optOut';

const ENABLED = 'DATABRICKS_TELEMETRY_ENABLED';
const ENDPOINT = 'DATABRICKS_TELEMETRY_ENDPOINT';
const LEVEL = 'DATABRICKS_TELEMETRY_LOG_LEVEL';
const RATE = 'DATABRICKS_TELEMETRY_SAMPLE_RATE';
const DRY_RUN = 'DATABRICKS_TELEMETRY_DRY_RUN';
const TOKEN = 'DATABRICKS_TELEMETRY_ENDPOINT_TOKEN';
const SERVICE = 'DATABRICKS_TELEMETRY_SERVICE_NAME';

function decided(
  env: NodeJS.ProcessEnv,
  ofClient: TelemetryOptions = {},
  ofConnection: TelemetryOptions = {},
): Decision {
  return decide(ofClient, ofConnection, environmentOptions(env));
}
const configuration = (env: NodeJS.ProcessEnv, ofClient?: TelemetryOptions, ofConnection?: TelemetryOptions) =>
  resolveConfiguration(decided(env, ofClient, ofConnection).options);

describe('options in the environment', () => {
  for (const text of ['true', '1', 'YES', ' on ']) {
    it(`${ENABLED}=${JSON.stringify(text)} switches telemetry on where code leaves it open`, () => {
      expect(decided({ [ENABLED]: text }).options.telemetryEnabled).to.equal(true);
    });
  }
  for (const text of ['false', '0', 'No', 'off']) {
    it(`${ENABLED}=${JSON.stringify(text)} switches it off, whatever code says`, () => {
      const { options, problems } = decided(
        { [ENABLED]: text },
        { telemetryEnabled: true },
        { telemetryEnabled: true },
      );
      expect(options.telemetryEnabled).to.equal(false);
      expect(problems).to.deep.equal([]);
    });
  }

  it('code switches off what the environment has switched on', () => {
    expect(decided({ [ENABLED]: 'true' }, { telemetryEnabled: false }).options.telemetryEnabled).to.equal(false);
    expect(decided({ [ENABLED]: 'true' }, {}, { telemetryEnabled: false }).options.telemetryEnabled).to.equal(false);
  });

  it(`${ENDPOINT} is where code names none`, () => {
    const env = { [ENDPOINT]: 'http://127.0.0.1:4300' };
    expect(configuration(env).endpoint).to.equal('http://127.0.0.1:4300');
    expect(configuration(env, { telemetryEndpoint: 'https://own.test' }).endpoint).to.equal('https://own.test');
  });

  it(`${LEVEL} is the level where code names none, and the stricter of both otherwise`, () => {
    expect(configuration({ [LEVEL]: 'debug' }).logLevel).to.equal('DEBUG');
    expect(configuration({ [LEVEL]: 'error' }, { telemetryLogLevel: 'TRACE' }).logLevel).to.equal('ERROR');
    expect(configuration({ [LEVEL]: 'trace' }, {}, { telemetryLogLevel: 'ERROR' }).logLevel).to.equal('ERROR');
    expect(decided({ [LEVEL]: 'OFF' }, { telemetryEnabled: true }).options.telemetryEnabled).to.equal(false);
  });

  it(`${RATE} is the rate where code names none, and the smaller of both otherwise`, () => {
    expect(configuration({ [RATE]: '0.25' }).sampleRate).to.equal(0.25);
    expect(configuration({ [RATE]: '0.25' }, { telemetrySampleRate: 1 }).sampleRate).to.equal(0.25);
    expect(configuration({ [RATE]: '0.25' }, {}, { telemetrySampleRate: 0.1 }).sampleRate).to.equal(0.1);
  });

  it(`${DRY_RUN} shows what would be sent, also where code wants to send it`, () => {
    expect(configuration({ [DRY_RUN]: 'true' }).dryRun).to.equal(DEBUG_LINES);
    expect(configuration({ [DRY_RUN]: '/tmp/preview.jsonl' }).dryRun).to.equal('/tmp/preview.jsonl');
    expect(configuration({ [DRY_RUN]: '1' }, { telemetryDryRun: false }).dryRun).to.equal(DEBUG_LINES);
    expect(configuration({ [DRY_RUN]: 'false' }).dryRun).to.equal(undefined);
    const show = (): void => undefined;
    expect(configuration({ [DRY_RUN]: '1' }, { telemetryDryRun: show }).dryRun).to.equal(show);
  });

  it(`${SERVICE} is the name of the service where code gives none`, () => {
    expect(configuration({ [SERVICE]: 'reports' }).serviceName).to.equal('reports');
    expect(configuration({ [SERVICE]: 'reports' }, { telemetryServiceName: 'own' }).serviceName).to.equal('own');
  });

  it('an empty variable says nothing', () => {
    const env = Object.fromEntries(
      [ENABLED, ENDPOINT, LEVEL, RATE, DRY_RUN, TOKEN, SERVICE].map((name) => [name, ' ']),
    );
    expect(environmentOptions(env)).to.deep.equal({});
  });

  for (const [variable, text, option] of [
    [ENABLED, 'maybe', 'telemetryEnabled'],
    [ENDPOINT, 'ftp://collector.test', 'telemetryEndpoint'],
    [LEVEL, 'loud', 'telemetryLogLevel'],
    [RATE, '2', 'telemetrySampleRate'],
    [RATE, 'half', 'telemetrySampleRate'],
    [RATE, '-1', 'telemetrySampleRate'],
    [TOKEN, 'two words', 'telemetryEndpointToken'],
  ] as const) {
    it(`${variable}=${text} closes, and the problem names the variable`, () => {
      const { options, problems, isClosedByProblem } = decided({ [variable]: text }, { telemetryEnabled: true });
      expect(options.telemetryEnabled).to.equal(false);
      expect(isClosedByProblem).to.equal(true);
      expect(problems).to.have.lengthOf(1);
      expect(problems[0]).to.include({ option, variable, done: 'nothing leaves' });
      expect(JSON.stringify(problems)).to.not.include(text);
    });
  }

  for (const [variable, text, code] of [
    [LEVEL, 'loud', { telemetryLogLevel: 'INFO' }],
    [RATE, '2', { telemetrySampleRate: 0.5 }],
    [ENABLED, 'maybe', { telemetryEnabled: true }],
  ] as const) {
    it(`${variable}=${text} closes also where code says it right`, () => {
      const { options, problems } = decided({ [variable]: text }, { telemetryEnabled: true, ...code });
      expect(options.telemetryEnabled).to.equal(false);
      expect(problems.map(({ variable: named }) => named)).to.deep.equal([variable]);
    });
  }

  it('a wrong address in the environment does not matter where code names the right one', () => {
    const code = { telemetryEnabled: true, telemetryEndpoint: 'https://own.test' };
    const { options, problems } = decided({ [ENDPOINT]: 'nowhere' }, code);
    expect(options.telemetryEnabled).to.equal(true);
    expect(problems).to.deep.equal([]);
  });

  it('what code says wrongly is no problem of the environment', () => {
    const code = { telemetryEnabled: true, telemetrySampleRate: 7 } as TelemetryOptions;
    const { problems } = decided({ [RATE]: '0.5' }, code);
    expect(problems).to.deep.equal([{ option: 'telemetrySampleRate', given: 'number', done: 'nothing leaves' }]);
  });
});
