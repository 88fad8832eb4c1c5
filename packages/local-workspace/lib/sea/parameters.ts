import { TSparkParameter, TSparkParameterValue } from '@databricks/sql/thrift/TCLIService_types';
import { invalid } from './ApiError';
import { isObject, textField, type Body } from './body';

/** Named parameters, and ordinal ones in the order of their numbers. Throws an ApiError. */
export function readParameters(body: Body): TSparkParameter[] {
  const list = body['parameters'] ?? [];
  if (!Array.isArray(list)) throw invalid('parameters must be a list.');
  const parsed = list.map((item: unknown, index) => readParameter(item, index));
  parsed.sort((a, b) => a.ordinal - b.ordinal);
  return parsed.map(({ parameter }) => parameter);
}

function readParameter(item: unknown, index: number): { ordinal: number; parameter: TSparkParameter } {
  if (!isObject(item)) throw invalid(`parameters[${index}] must be an object.`);
  const name = textField(item, 'name');
  const type = textField(item, 'type');
  const ordinal = item['ordinal'] ?? index;
  if (typeof ordinal !== 'number') throw invalid(`parameters[${index}].ordinal must be a number.`);
  const value = valueText(item['value'], index);
  return {
    ordinal,
    parameter: new TSparkParameter({
      ...(name === undefined || name === '' ? {} : { name }),
      type: type || 'STRING',
      ...(value === undefined ? {} : { value: new TSparkParameterValue({ stringValue: value }) }),
    }),
  };
}

function valueText(value: unknown, index: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`parameters[${index}].value must be a string.`);
}
