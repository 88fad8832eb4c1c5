import { ENDPOINTS } from './endpoints';
import { OPERATIONS, type Operation } from './operations';
import { PARAMETERS } from './parameters';
import { SCHEMAS, type SchemaName } from './schemas';
import { reference, type Shape } from './shapes';

/** The OpenAPI document of the API. */
export function openApi(version: string): Shape {
  const paths: Record<string, Record<string, Shape>> = {};
  const operations: readonly Operation[] = [
    ...ENDPOINTS.map((endpoint): Operation => ({ ...endpoint, method: 'get', role: 'read' })),
    ...OPERATIONS,
  ];
  for (const operation of operations) {
    const path = `/api/v1${operation.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Databricks telemetry collector',
      version,
      description: 'Times are milliseconds since the epoch. Null is "not known", never 0.',
    },
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function describe({ path, summary, parameters, answer, refusal, media, body, role }: Operation): Shape {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const content =
    answer === undefined
      ? Object.fromEntries((media ?? []).map((type) => [type, {}]))
      : { 'application/json': { schema: reference(answer) } };
  return {
    summary,
    security: [{ token: [role] }],
    parameters: [...inPath, ...parameters.map(parameter)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: Object.fromEntries(body.map((type) => [type, {}])) } }),
    responses: {
      '200': { description: summary, content },
      ...(refusal === undefined ? {} : { '503': { description: 'The store does not answer.', ...json(refusal) } }),
      default: { description: 'Refused.', ...json('Error') },
    },
  };
}

const json = (schema: SchemaName): Shape => ({ content: { 'application/json': { schema: reference(schema) } } });

function parameter(name: string): Shape {
  const rule = PARAMETERS[name];
  if (rule === undefined) throw new Error(`There is no parameter ${name}.`);
  return { name, in: 'query', required: false, description: rule.description, schema: schemaOf(rule) };
}

function schemaOf(rule: NonNullable<(typeof PARAMETERS)[string]>): Shape {
  switch (rule.kind) {
    case 'time':
      return { type: 'integer' };
    case 'integer':
      return { type: 'integer', minimum: rule.minimum, maximum: rule.maximum };
    case 'text':
      return { type: 'string' };
    case 'list':
      return { type: 'array', items: { type: 'string' } };
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: rule.values };
  }
}
