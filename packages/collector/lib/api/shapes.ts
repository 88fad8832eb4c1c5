/** A JSON Schema, as OpenAPI 3.1 has it. */
export type Shape = { readonly [key: string]: unknown };

export const number: Shape = { type: 'number' };
export const integer: Shape = { type: 'integer' };
export const string: Shape = { type: 'string' };
export const boolean: Shape = { type: 'boolean' };

/** Null is "not known". */
export const nullable = (shape: Shape): Shape => ({ anyOf: [shape, { type: 'null' }] });
export const list = (items: Shape): Shape => ({ type: 'array', items });
export const mapOf = (values: Shape): Shape => ({ type: 'object', additionalProperties: values });
export const reference = (name: string): Shape => ({ $ref: `#/components/schemas/${name}` });
export const values = (...names: readonly string[]): Shape => ({ type: 'string', enum: names });

/** An object with exactly these properties. */
export function object(properties: Readonly<Record<string, Shape>>): Shape {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

/** Properties of one shape, by their names. */
export function all(names: string, shape: Shape): Record<string, Shape> {
  return Object.fromEntries(names.split(' ').map((name) => [name, shape]));
}

export const oneOf = (...shapes: readonly Shape[]): Shape => ({ oneOf: shapes });
