import { REQUIRED_PATHS, TELEMETRY_LOG, type FieldRule } from './fields';

/** One deviation of a log from the service's field and enum tables. */
export interface TelemetryViolation {
  /** Dotted path of the field. */
  path: string;
  problem: 'unknown-field' | 'wrong-type' | 'unknown-enum-value' | 'missing';
  message: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Checks a decoded log field by field. Empty when it is what the service takes. Total: `log` may be anything. */
export function validateTelemetryLog(log: unknown): TelemetryViolation[] {
  const violations = check(log, TELEMETRY_LOG, '');
  for (const path of REQUIRED_PATHS) {
    if (valueAt(log, path) === undefined) violations.push({ path, problem: 'missing', message: `${path} is required` });
  }
  return violations;
}

function check(value: unknown, rule: FieldRule, path: string): TelemetryViolation[] {
  switch (rule.kind) {
    case 'object':
      if (!isObject(value)) return [wrongType(path, 'an object', value)];
      return Object.entries(value).flatMap(([name, item]) => {
        const inner = path === '' ? name : `${path}.${name}`;
        const field = Object.hasOwn(rule.fields, name) ? rule.fields[name] : undefined;
        return field ? check(item, field, inner) : [unknownField(inner)];
      });
    case 'enum':
      if (typeof value !== 'string') return [wrongType(path, 'an enum value', value)];
      return rule.values.includes(value)
        ? []
        : [
            {
              path,
              problem: 'unknown-enum-value',
              message: `${path}: '${value}' is not one of ${rule.values.join(', ')}`,
            },
          ];
    case 'texts': {
      const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
      return isTexts ? [] : [wrongType(path, 'an array of strings', value)];
    }
    case 'string':
      return typeof value === 'string' ? [] : [wrongType(path, 'a string', value)];
    case 'uuid':
      return typeof value === 'string' && UUID.test(value) ? [] : [wrongType(path, 'a UUID', value)];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [wrongType(path, 'a boolean', value)];
    case 'int64':
      return Number.isSafeInteger(value) ? [] : [wrongType(path, 'an integer', value)];
  }
}

function unknownField(path: string): TelemetryViolation {
  return { path, problem: 'unknown-field', message: `${path} is not a field of the service` };
}

function wrongType(path: string, expected: string, value: unknown): TelemetryViolation {
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  return { path, problem: 'wrong-type', message: `${path || 'the log'} must be ${expected}, not ${found}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(log: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), log);
}
