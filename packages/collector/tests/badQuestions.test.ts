import { expect } from 'chai';
import fc from 'fast-check';
import type { LogLine } from '../lib/options';
import { ENDPOINTS } from '../lib/api/endpoints';
import { OPERATIONS } from '../lib/api/operations';
import { PARAMETERS } from '../lib/api/parameters';
import { MEASURES } from '../lib/store/Selection';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const RUNS = Number(process.env['COLLECTOR_QUESTIONS'] ?? 200);

/** Values that a parameter of a kind does not take. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  time: ['yesterday', '1.5', '1e3', '0x10', '99999999999999999', 'NaN', 'null', '1 OR 1=1', '１'],
  integer: ['-1', 'ten', '1.5', '1e3', '99999999999999', 'Infinity', '%00', "1'--"],
  choice: ['worst', 'TIME', '__proto__', "'", 'latencyMs"'],
  flag: ['yes', '1', 'TRUE', 'constructor'],
};
/** Where any text is a good one: it finds nothing. */
const ODD = [
  "'",
  '"',
  '\\',
  "'; DROP TABLE statements; --",
  '\0',
  '😀',
  '%',
  '(unknown)',
  'x'.repeat(1_000),
  '\u202e',
  '${x}',
];

interface Question {
  readonly path: string;
  readonly parameters: readonly string[];
}

const QUESTIONS: readonly Question[] = [
  ...ENDPOINTS.map(({ path, parameters }) => ({ path: path.replace(':statementId', 'statement-1'), parameters })),
  ...OPERATIONS.filter(({ path }) => path === '/export').map(({ path, parameters }) => ({ path, parameters })),
];

describe('questions that are asked wrongly', function () {
  this.timeout(120_000);
  const lines: LogLine[] = [];
  let test: TestCollector;
  before(async () => {
    test = await testCollector({ log: (line) => lines.push(line), requestsPerSecond: 1_000_000 });
    await deliver(test.collector.address, [sessionLog(), statementLog({ statementId: 'statement-1', latencyMs: 5 })]);
    await loaded(test.client, 2);
  });
  after(() => test.end());

  interface Answer {
    readonly status: number;
    readonly code: string | undefined;
    readonly message: string | undefined;
  }
  async function ask(path: string, query: readonly (readonly [string, string])[] = []): Promise<Answer> {
    const response = await fetch(`${test.collector.address}/api/v1${path}?${new URLSearchParams(query.map(([a, b]): [string, string] => [a, b])).toString()}`); // prettier-ignore
    const text = await response.text();
    if (response.ok) return { status: response.status, code: undefined, message: undefined };
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return { status: response.status, ...error };
  }

  for (const { path, parameters } of QUESTIONS) {
    it(`${path}: each parameter is refused by its name, with a sentence, when its value cannot be meant`, async () => {
      for (const name of parameters) {
        for (const value of BAD[PARAMETERS[name]?.kind ?? ''] ?? []) {
          const { status, code, message } = await ask(path, [[name, value]]);
          expect([status, code], `${name}=${value}`).to.deep.equal([400, 'invalid_parameter']);
          expect(message, `${name}=${value}`).to.match(new RegExp(`^${name} (?:must|is|has) .*\\.$`));
        }
        if (PARAMETERS[name]?.kind === 'list') continue;
        const twice = await ask(path, [[name, '1'], [name, '2']]); // prettier-ignore
        expect([twice.status, twice.message], name).to.deep.equal([400, `${name} must be given once.`]);
      }
      const unknown = await ask(path, [["no-such'parameter", '1']]);
      expect([unknown.status, unknown.message]).to.deep.equal([
        400,
        'A parameter is not a parameter of this question.',
      ]);
    });

    it(`${path}: any text as a filter is looked for and nothing else`, async () => {
      const filters = parameters.filter((one) => PARAMETERS[one]?.kind === 'list');
      // Each text in all filters, and each filter with all texts: a filter that finds nothing hides none behind it.
      for (const value of ODD) {
        expect((await ask(path, filters.map((name) => [name, value]))).status, value).to.equal(200); // prettier-ignore
      }
      for (const name of filters) {
        expect((await ask(path, ODD.map((value) => [name, value]))).status, name).to.equal(200); // prettier-ignore
      }
    });
  }

  it(`any combination of values is answered or refused, never the collector's fault (${RUNS} questions)`, async () => {
    const numbers = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer({ min: -10, max: 1_000 }),
      fc.integer({ min: -4_000_000, max: 4_000_000 }).map((offset) => Date.now() + offset),
      fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    );
    const valueOf = (name: string): fc.Arbitrary<string> => {
      const rule = PARAMETERS[name];
      switch (rule?.kind) {
        case 'time':
        case 'integer':
          return numbers.map(String);
        case 'choice':
          return fc.constantFrom(...rule.values);
        case 'flag':
          return fc.constantFrom('true', 'false');
        default:
          return fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD, 'checkout'));
      }
    };
    const question = fc.constantFrom(...QUESTIONS).chain(({ path, parameters }) => {
      const named =
        parameters.length === 0
          ? fc.constant([])
          : fc.subarray([...parameters], { maxLength: Math.min(6, parameters.length) });
      return named
        .chain((names) => fc.tuple(...names.map((name) => valueOf(name).map((value) => [name, value] as const))))
        .map((query) => ({ path, query }));
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ path, query }) => {
        const { status, message } = await ask(path, query);
        expect([200, 400, 404], `${path} ${JSON.stringify(query)} ${message}`).to.include(status);
      }),
      { numRuns: RUNS },
    );
    expect(lines.filter(({ event }) => event === 'request_failed')).to.deep.equal([]);
  });

  it('a statement with the largest numbers that a log can tell leaves every question its answer', async () => {
    const most = 2 ** 31 - 1;
    const result_latency = { result_set_ready_latency_millis: most, result_set_consumption_latency_millis: most };
    const counts = { rowCount: Number.MAX_SAFE_INTEGER, byteCount: Number.MAX_SAFE_INTEGER };
    const chunk_details = { total_chunks_present: most, sum_chunks_download_time_millis: most };
    const extreme = { latencyMs: most, operation: { result_latency, chunk_details, retry_count: most }, local: counts };
    const beyond = statementLog({ statementId: 'beyond', latencyMs: most + 1 });
    const { accepted } = await test.client.health({ from: 0 });
    await deliver(test.collector.address, [...['a', 'b'].map((statementId) => statementLog({ statementId, ...extreme })), beyond]); // prettier-ignore
    await loaded(test.client, accepted + 3);
    for (const { path, parameters } of QUESTIONS) {
      for (const measure of parameters.includes('measure') ? MEASURES : ['']) {
        const query = measure === '' ? [] : [['measure', measure] as const];
        expect((await ask(path, query)).status, `${path} ${measure}`).to.equal(200);
      }
    }
    const { statements } = await test.client.statements({ order: 'slowest', measure: 'totalLatencyMs' });
    expect(statements.slice(0, 2).map(({ statementId }) => statementId)).to.have.members(['a', 'b']);
    expect((await test.client.statement('beyond')).statement.latencyMs).to.equal(null);
    expect((await test.client.health({ from: 0 })).invalidFields.map(({ name }) => name)).to.include(
      'entry.sql_driver_log.operation_latency_ms',
    );
  });

  it('ends the wrong way round are refused by the name of the first, and ends that are one are not', async () => {
    for (const [path, low, high] of [
      ['/overview', 'minMs', 'maxMs'],
      ['/explain', 'selectedMinMs', 'selectedMaxMs'],
      ['/explain', 'selectedFrom', 'selectedTo'],
    ] as const) {
      const refused = await ask(path, [[low, '8'], [high, '7']]); // prettier-ignore
      expect([refused.status, refused.message]).to.deep.equal([400, `${low} must not be beyond ${high}.`]);
      expect((await ask(path, [[low, '7'], [high, '7']])).status, low).to.equal(200); // prettier-ignore
    }
  });

  it('whatever changes something or gives a file refuses a parameter that it does not have, and does nothing', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const { method, path, body } of OPERATIONS) {
      const sent = body === undefined ? {} : { headers, body: '{"scope":"all","enabled":false}' };
      const url = `${test.collector.address}/api/v1${path}?no-such=1`;
      const response = await fetch(url, { method: method.toUpperCase(), ...sent });
      const { error } = (await response.json()) as { error: { message: string } };
      expect([response.status, error.message], `${method} ${path}`).to.deep.equal([400, 'A parameter is not a parameter of this question.']); // prettier-ignore
    }
    expect((await test.client.configuration()).rules).to.deep.equal([]);
  });

  it('an export of two kinds at once, and a question without end, are refused as anything else', async () => {
    const twice = await ask('/export', [['format', 'csv'], ['format', 'jsonl']]); // prettier-ignore
    expect([twice.status, twice.message]).to.deep.equal([400, 'format must name one kind of file.']);
    const long = await ask('/overview', [['service', 'x'.repeat(20_000)]]);
    expect([long.status, long.code]).to.deep.equal([431, 'headers_too_large']);
  });

  it('one statement: an id that is none is not found, whatever it holds', async () => {
    for (const id of [...ODD.filter((text) => !/[%\\]/.test(text)), '%25', '..%2F..', '%E2%82%AC']) {
      const path = id.startsWith('%') || id.startsWith('..') ? id : encodeURIComponent(id);
      expect((await ask(`/statements/${path}`)).status, id).to.equal(404);
    }
    expect((await ask('/statements/%')).code).to.equal('malformed_path');
  });
});
