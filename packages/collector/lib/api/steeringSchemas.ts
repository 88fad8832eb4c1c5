import { all, boolean, integer, list, nullable, number, object, reference, string, values, type Shape } from './shapes';

const Setting = object({
  enabled: nullable(boolean),
  level: nullable(string),
  sampleRate: nullable(number),
});
const Rule = object({
  scope: values('all', 'host', 'service'),
  name: nullable(string),
  set: reference('Setting'),
  by: string,
  atMs: integer,
});
const Configuration = object({
  rules: list(reference('Rule')),
  audit: list(
    object({ ...all('scope by', string), name: nullable(string), set: nullable(reference('Setting')), atMs: integer }),
  ),
  senders: list(
    object({
      ...all('processId client version', string),
      ...all('service host library runtime', nullable(string)),
      lastMs: integer,
      options: list(
        object({ name: string, value: nullable({ type: ['string', 'number', 'boolean'] }), setBy: nullable(string) }),
      ),
      account: nullable(
        object({
          ...all('collected delivered rejected sampled pending', integer),
          dropped: list(object({ reason: string, count: integer })),
        }),
      ),
      inForce: object({ enabled: boolean, level: nullable(string), sampleRate: number, decidedBy: list(string) }),
    }),
  ),
});

/** Rules, and what is in force for whom. */
export const STEERING_SCHEMAS = { Setting, Rule, Configuration } as const satisfies Record<string, Shape>;
