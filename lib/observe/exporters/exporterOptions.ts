import type { ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import type { EffectiveOption } from '../../model/connection';
import type { FieldScope } from '../../model/enums';
import type { ExportedFields } from '../../model/toExportedRecord';
import { publicWord } from '../../model/fields/publicLabel';
import { givenIn, kindOf, type OptionProblem } from '../../model/options';
import { factsOf } from '../../util/foreign';

/** An exporter and who named it. */
export interface NamedExporter {
  readonly exporter: ITelemetryExporter;
  readonly setBy: EffectiveOption['setBy'];
}

/** The exporters that options name, each once, and what was named that is none. */
export interface NamedExporters {
  readonly exporters: readonly NamedExporter[];
  readonly problems: readonly OptionProblem<'telemetryExporters'>[];
}

const SCOPES: readonly FieldScope[] = ['None', 'Local', 'Databricks', 'All'];

/** Those of the client and of the connection together. Cannot throw. */
export function exportersOf(ofClient: object, ofConnection: object): NamedExporters {
  const found = new Map<ITelemetryExporter, EffectiveOption['setBy']>();
  const problems: OptionProblem<'telemetryExporters'>[] = [];
  for (const [setBy, level] of [
    ['constructor', ofClient],
    ['connect', ofConnection],
  ] as const) {
    const named = givenIn(level, 'telemetryExporters');
    if (named === undefined) continue;
    const refuse = (given: string): unknown => problems.push({ option: 'telemetryExporters', given, done: 'left out' });
    const items = itemsOf(named);
    if (items === undefined) refuse(kindOf(named));
    for (const each of items ?? []) {
      try {
        const problem = isExporter(each) ? problemOf(each) : kindOf(each);
        if (problem !== undefined) refuse(problem);
        else if (isExporter(each) && fieldsOf(each).scope !== 'None') found.set(each, found.get(each) ?? setBy);
      } catch {
        refuse('object that throws when it is read');
      }
    }
  }
  return { exporters: [...found].map(([exporter, setBy]) => ({ exporter, setBy })), problems };
}

/** Those of a list; undefined for what is none, or cannot be read. */
function itemsOf(named: unknown): readonly unknown[] | undefined {
  try {
    if (!Array.isArray(named)) return undefined;
    const items: readonly unknown[] = named;
    return [...items];
  } catch {
    return undefined;
  }
}

function isExporter(value: unknown): value is ITelemetryExporter {
  return typeof factsOf(value)['export'] === 'function';
}

/** What of an exporter cannot be meant: it gets nothing then. */
function problemOf({ scope, sampleRate }: ITelemetryExporter): string | undefined {
  if (scope !== undefined && !SCOPES.includes(scope)) return `scope: ${kindOf(scope)}`;
  const isRate = sampleRate === undefined || (typeof sampleRate === 'number' && sampleRate >= 0 && sampleRate <= 1);
  return isRate ? undefined : `sampleRate: ${kindOf(sampleRate)}`;
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
