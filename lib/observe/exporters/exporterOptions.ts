import type { ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import type { FieldScope } from '../../model/enums';
import type { ExportedFields } from '../../model/toExportedRecord';
import { publicWord } from '../../model/fields/publicLabel';
import type { OptionProblem } from '../../model/options';
import { factsOf } from '../../util/foreign';

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
    const refuse = (given: string): unknown => problems.push({ option: 'telemetryExporters', given, done: 'left out' });
    if (!Array.isArray(named)) {
      refuse(typeNameOf(named));
      continue;
    }
    const all: readonly unknown[] = named;
    for (const each of all) {
      const problem = isExporter(each) ? problemOf(each) : typeNameOf(each);
      if (problem !== undefined) refuse(problem);
      else if (isExporter(each) && fieldsOf(each).scope !== 'None') exporters.add(each);
    }
  }
  return { exporters: [...exporters], problems };
}

function isExporter(value: unknown): value is ITelemetryExporter {
  return typeof factsOf(value)['export'] === 'function';
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
