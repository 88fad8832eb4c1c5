import { expect } from 'chai';
import {
  completeOptions,
  DEBUG_LINES,
  DEFAULT_TELEMETRY_CONFIG,
  resolveConfiguration,
  resolveOptions,
  TELEMETRY_OPTION_NAMES,
  TELEMETRY_OPTIONS,
  type TelemetryOptions,
} from '../../../lib/model/options';
import type { OptionRow } from '../../../lib/model/optionRow';

const WRONG: ReadonlyArray<readonly [string, unknown]> = [
  ['null', null],
  ['an empty text', ''],
  ['a text', 'false'],
  ['a number', 0],
  ['an object', {}],
  ['a list', []],
  ['no number', NaN],
  ['a symbol', Symbol('secret')],
  ['a function', () => undefined],
];

/** Which of these values an option can have, by its type. */
const POSSIBLE: Readonly<Record<OptionRow['type'], readonly string[]>> = {
  boolean: [],
  number: ['a number'],
  name: [],
  text: ['an empty text', 'a text'],
  url: [],
  dryRun: ['a text', 'a function'],
  label: ['an empty text', 'a text'],
  secret: ['a text'],
  rate: ['a number'],
};

const resolve = (options: object): ReturnType<typeof resolveOptions> => resolveOptions(options as TelemetryOptions);

describe('resolveOptions', () => {
  it('gives every option its default where nothing is said', () => {
    expect(resolve({})).to.deep.equal({ configuration: DEFAULT_TELEMETRY_CONFIG, isOff: false, problems: [] });
  });

  for (const option of TELEMETRY_OPTION_NAMES) {
    const row: OptionRow = TELEMETRY_OPTIONS[option];
    for (const [what, value] of WRONG) {
      const isNumbered = row.type === 'name' && row.isNumbered && what === 'a number';
      if (isNumbered || POSSIBLE[row.type].includes(what)) continue;
      it(`${row.limits === true ? 'closes' : 'takes the default'} for ${what} as ${option}`, () => {
        const { configuration, isOff, problems } = resolve({ telemetryEnabled: true, [option]: value });
        const done = row.limits === true ? 'nothing leaves' : 'default used';
        expect(problems).to.deep.equal([{ option, given: value === null ? 'null' : typeof value, done }]);
        expect(isOff).to.equal(row.limits === true);
        expect(configuration.enabled).to.equal(row.limits !== true);
        if (row.limits !== true) expect(configuration).to.deep.equal({ ...DEFAULT_TELEMETRY_CONFIG, enabled: true });
      });
    }
  }

  const LEVELS: readonly [unknown, string][] = [
    ['ERROR', 'ERROR'],
    [' debug ', 'DEBUG'],
    ['off', 'OFF'],
    [0, 'OFF'],
    [2, 'ERROR'],
    [6, 'TRACE'],
    [undefined, 'INFO'],
  ];
  for (const [value, level] of LEVELS) {
    it(`takes ${JSON.stringify(value)} for the log level ${level}`, () => {
      expect(resolve({ telemetryLogLevel: value }).configuration.logLevel).to.equal(level);
      expect(resolve({ telemetryLogLevel: value }).problems).to.deep.equal([]);
    });
  }
  for (const telemetryLogLevel of [7, -1, 1.5, 'none', 'chatty', 'loud', false, true]) {
    it(`closes for the log level ${JSON.stringify(telemetryLogLevel)}`, () => {
      expect(resolve({ telemetryLogLevel }).isOff).to.equal(true);
    });
  }

  it('takes a URL, as an object too, for the endpoint, and no other address', () => {
    const telemetryEndpoint = new URL('https://collector.test/in?key=1');
    expect(resolve({ telemetryEndpoint }).configuration.endpoint).to.equal(telemetryEndpoint.href);
    for (const other of ['ftp://collector.test', 'collector.test:4318', 'file:///tmp/x', new URL('ws://a'), ' ', 5]) {
      expect(resolve({ telemetryEndpoint: other }).isOff, String(other)).to.equal(true);
    }
  });

  const TOKEN = 'token-of-the-collector';
  for (const [telemetryEndpoint, isOff] of [
    ['https://collector.test', false],
    ['http://127.0.0.1:4300', false],
    ['http://127.8.9.1:4300', false],
    ['http://[::1]:4300/telemetry-ext', false],
    ['http://localhost:4300', false],
    ['http://collector.test', true],
    ['http://10.0.0.1', true],
    ['http://localhost.collector.test', true],
    ['http://127.0.0.1.collector.test', true],
    ['http://0.0.0.0:4300', true],
  ] as const) {
    it(`${isOff ? 'closes for' : 'takes'} a token for ${telemetryEndpoint}`, () => {
      const { isOff: closes, problems } = resolve({ telemetryEndpoint, telemetryEndpointToken: TOKEN });
      expect(closes).to.equal(isOff);
      const problem = { option: 'telemetryEndpointToken', given: 'string', done: 'nothing leaves' };
      expect(problems).to.deep.equal(isOff ? [problem] : []);
      expect(resolve({ telemetryEndpoint }).isOff).to.equal(false);
    });
  }
  for (const telemetryEndpointToken of ['', 'two words', 'line\nbreak', 'ünïcode', 'x'.repeat(4097)]) {
    it(`closes for a token that no header can hold: ${JSON.stringify(telemetryEndpointToken.slice(0, 12))}`, () => {
      expect(resolve({ telemetryEndpointToken }).isOff).to.equal(true);
    });
  }
  for (const telemetryServiceName of ['dapi0123456789abcdef0123456789abcdef', 'line\nbreak', 'é', 'x'.repeat(129)]) {
    it(`takes no service name for ${JSON.stringify(telemetryServiceName.slice(0, 12))}`, () => {
      const { configuration, problems } = resolve({ telemetryServiceName });
      expect(configuration.serviceName).to.equal('');
      expect(problems.map(({ done }) => done)).to.deep.equal(['default used']);
    });
  }

  it('takes true for debug lines, and false for no dry run', () => {
    expect(resolve({ telemetryDryRun: true }).configuration.dryRun).to.equal(DEBUG_LINES);
    expect(resolve({ telemetryDryRun: false }).configuration.dryRun).to.equal(undefined);
    expect(resolve({ telemetryDryRun: false }).problems).to.deep.equal([]);
  });

  it('brings numbers within their limits, and says so', () => {
    const { configuration, problems } = resolve({ telemetryBatchSize: 1e9, telemetryCloseTimeoutMs: -1 });
    expect(configuration).to.include({ batchSize: 1000, closeTimeoutMs: 0 });
    expect(problems.map(({ done }) => done)).to.deep.equal(['brought within limits', 'brought within limits']);
  });

  it('never shows the value of a problem', () => {
    const { problems } = resolve({ telemetryEndpoint: 'secret', telemetryDryRun: Symbol('secret') });
    expect(problems).to.have.length(2);
    expect(JSON.stringify(problems)).to.not.include('secret');
  });

  it('takes what a class of the application says, and nothing that stands in Object.prototype', () => {
    class Settings {
      get telemetryBatchSize(): number {
        return 7;
      }
    }
    expect(resolveConfiguration(new Settings()).batchSize).to.equal(7);
    const polluted = Object.prototype as { telemetryEnabled?: boolean };
    polluted.telemetryEnabled = true;
    try {
      expect(resolve({}).configuration.enabled).to.equal(false);
      expect(resolve({ telemetryEnabled: true }).configuration.enabled).to.equal(true);
    } finally {
      delete polluted.telemetryEnabled;
    }
  });
});

describe('completeOptions', () => {
  it('takes the last level that says something, null included, and defaults for the rest', () => {
    const levels = [{ telemetryBatchSize: 7, telemetryMaxRetries: 2 }, { telemetryBatchSize: undefined }];
    expect(completeOptions(...levels)).to.include({ telemetryBatchSize: 7, telemetryMaxRetries: 2 });
    const complete = completeOptions({ telemetryEnabled: true }, { telemetryEnabled: null } as never);
    expect(complete.telemetryEnabled).to.equal(null);
    expect(resolve(complete).isOff).to.equal(true);
    expect(Object.keys(complete)).to.have.members(TELEMETRY_OPTION_NAMES);
  });
});
