import type { ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import type { FieldScope } from '../../model/enums';
import type { ExportedFields } from '../../model/toExportedRecord';
import { publicWord } from '../../model/fields/publicLabel';
import type { OptionProblem } from '../../model/options';

/** The exporters that options name, each once, and what was named that is none. */
export interface NamedExporters {
  readonly exporters: readonly ITelemetryExporter[];
  readonly problems: readonly OptionProblem<'telemetryExporters'>[];
}

interface Naming {
  readonly telemetryExporters?: unknown;
}

const SCOPES: readonly FieldScope[] = ['None', 'Local', 'Databricks', 'All'];

/** Those of the client and of the connection together. Throws only what an accessor of the application throws. */
export function exportersOf(...levels: readonly Naming[]): NamedExporters {
  const exporters = new Set<ITelemetryExporter>();
  const problems: OptionProblem<'telemetryExporters'>[] = [];
  for (const { telemetryExporters: named } of levels) {
    if (named === undefined) continue;
    for (const each of Array.isArray(named) ? (named as unknown[]) : [named]) {
      const given = Array.isArray(named) && isExporter(each) ? problemOf(each) : typeNameOf(each);
      if (given !== undefined) problems.push({ option: 'telemetryExporters', given, done: 'left out' });
      else if (fieldsOf(each as ITelemetryExporter).scope !== 'None') exporters.add(each as ITelemetryExporter);
    }
  }
  return { exporters: [...exporters], problems };
}

function isExporter(value: unknown): value is ITelemetryExporter {
  return typeof value === 'object' && value !== null && typeof (value as { export?: unknown }).export === 'function';
}

/** What of an exporter cannot be meant: it gets nothing then. */
function problemOf({ scope, sampleRate }: ITelemetryExporter): string | undefined {
  if (scope !== undefined && !SCOPES.includes(scope)) return `scope: ${typeNameOf(scope)}`;
  const isRate = sampleRate === undefined || (typeof sampleRate === 'number' && sampleRate >= 0 && sampleRate <= 1);
  return isRate ? undefined : `sampleRate: ${typeNameOf(sampleRate)}`;
}

function typeNameOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/** What an exporter may have: nothing where it asks for a scope that there is not. */
export function fieldsOf({ scope, includesErrorText }: ITelemetryExporter): ExportedFields {
  const known = SCOPES.find((name) => name === (scope === undefined ? 'Local' : scope));
  return { scope: known ?? 'None', includesErrorText: includesErrorText === true };
}

/** What an exporter is called: its own name, or that of its class. */
export function titleOf(exporter: ITelemetryExporter): string {
  const { name } = exporter;
  return publicWord(typeof name === 'string' ? name : exporter.constructor?.name) ?? 'exporter';
}
