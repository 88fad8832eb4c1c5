import { all, integer, list, nullable, object, oneOf, reference, string, values } from './shapes';

const SlowerFinding = object({
  kind: values('slower'),
  service: string,
  ...all('sinceMs p50BeforeMs p50AfterMs statements', integer),
  deployment: nullable(
    object(all('driverVersion previousDriverVersion runtimeVersion previousRuntimeVersion', nullable(string))),
  ),
});
const ErrorsFinding = object({
  kind: values('errors'),
  ...all('service error sqlState', nullable(string)),
  ...all('fromMs toMs errors', integer),
});
const RetriesFinding = object({
  kind: values('retries'),
  warehouse: nullable(string),
  ...all('fromMs toMs retries services saved lost', integer),
  causes: list(string),
});

/** What the API tells of a window that stands out, by name. */
export const FINDING_SCHEMAS = {
  SlowerFinding,
  ErrorsFinding,
  RetriesFinding,
  Findings: object({
    findings: list(oneOf(...['SlowerFinding', 'ErrorsFinding', 'RetriesFinding'].map(reference))),
    sampled: nullable(reference('Sampled')),
  }),
} as const;
