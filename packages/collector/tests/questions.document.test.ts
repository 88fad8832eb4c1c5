import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { expect } from 'chai';
import { ENDPOINTS } from '../lib/api/endpoints';
import { FROM, TO, collectorOfWorkload, failed } from './knownWorkload';
import type { TestCollector } from './testCollector';

describe('questions and the OpenAPI document', () => {
  let test: TestCollector;
  let document: { components: object; paths: Record<string, Record<string, { parameters: { name: string }[] }>> };
  let validators: Map<string, ValidateFunction>;
  before(async () => {
    test = await collectorOfWorkload();
    document = (await (await fetch(`${test.collector.address}/api/v1/openapi.json`)).json()) as typeof document;
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'api', components: document.components });
    validators = new Map(
      ENDPOINTS.map(({ path, answer }) => [path, ajv.compile({ $ref: `api#/components/schemas/${answer}` })]),
    );
  });

  after(() => test.end());

  for (const { path, parameters } of ENDPOINTS) {
    it(`describes the answer of ${path}, no more and no less`, async () => {
      const asked = path.replace(':statementId', failed[0]?.id ?? '');
      const window = parameters.includes('from') ? `?from=${FROM}&to=${TO}` : '';
      const response = await fetch(`${test.collector.address}/api/v1${asked}${window}`);
      const validate = validators.get(path);
      expect(validate?.(await response.json()), JSON.stringify(validate?.errors)).to.equal(true);
    });
  }

  it('lists every parameter that is taken; any other is refused by name', async () => {
    for (const { path, parameters } of ENDPOINTS) {
      const described = document.paths[`/api/v1${path.replace(/:(\w+)/, '{$1}')}`]?.['get']?.parameters ?? [];
      expect(described.map(({ name }) => name)).to.include.members([...parameters]);
    }
    const response = await fetch(`${test.collector.address}/api/v1/overview?sevice=checkout`);
    expect(response.status).to.equal(400);
  });

  for (const query of ['from=yesterday', 'from=5&to=4', 'limit=0', 'order=worst', 'cursor=x', 'minMs=-1']) {
    it(`refuses ${query}`, async () => {
      const response = await fetch(`${test.collector.address}/api/v1/statements?${query}`);
      expect(response.status).to.equal(400);
      expect(((await response.json()) as { error: { code: string } }).error.code).to.equal('invalid_parameter');
    });
  }
});
