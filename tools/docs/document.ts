import { format, resolveConfig } from 'prettier';
import { closureLists, closureTable } from './closureTable';
import { enumTable, localFieldTable, neverFieldTable, wireFieldTable } from './fieldTable';
import { sectionOf, sectionsOf, withSection } from './markers';
import { optionTable } from './optionTable';
import { reasonTable } from './reasonTable';
import { EXAMPLES, shapeOf, type ExampleName, type Examples } from './records';
import { sinkTable } from './sinkTable';
import { summaryTable } from './summaryTable';

type TableName =
  | 'options'
  | 'wire fields'
  | 'local fields'
  | 'never fields'
  | 'enums'
  | 'summary'
  | 'what goes where'
  | 'closures'
  | 'closure files'
  | 'reasons';

const TABLES: Readonly<Record<TableName, () => string>> = {
  options: optionTable,
  'wire fields': wireFieldTable,
  'local fields': localFieldTable,
  'never fields': neverFieldTable,
  enums: enumTable,
  summary: summaryTable,
  'what goes where': sinkTable,
  reasons: reasonTable,
  closures: closureTable,
  'closure files': closureLists,
};

/** The documents with generated sections, and which ones: each section stands in one document. */
export const GENERATED: Readonly<Record<string, ReadonlyArray<TableName | `example ${ExampleName}` | 'log lines'>>> = {
  'docs/TELEMETRY.md': ['options', ...EXAMPLES.map((name) => `example ${name}` as const), 'summary'],
  // Log lines are held against a run by tests/e2e/troubleshooting.test.ts.
  'docs/TROUBLESHOOTING.md': ['reasons', 'log lines'],
  'docs/PRIVACY.md': ['never fields'],
  'docs/OBSERVABILITY.md': ['what goes where'],
  'docs/FIELDS.md': ['wire fields', 'enums', 'local fields'],
  'spec/lifting.md': ['closures', 'closure files'],
};

function inFence(example: unknown): string {
  return `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``;
}

function exampleIn(document: string, section: string): unknown {
  const json = /```json\n([^]*?)\n```/.exec(sectionOf(document, section))?.[1];
  return json === undefined ? undefined : JSON.parse(json);
}

/**
 * The document with its generated sections made anew. An example is replaced only where its shape has changed: times and
 * ids differ from run to run.
 */
export async function regenerated(document: string, file: string, examples: Examples): Promise<string> {
  let text = document;
  const sections = sectionsOf(document);
  for (const [name, render] of Object.entries(TABLES)) {
    if (sections.includes(name)) text = withSection(text, name, render());
  }
  for (const name of EXAMPLES) {
    const section = `example ${name}`;
    if (!sections.includes(section)) continue;
    const isSame = JSON.stringify(shapeOf(exampleIn(text, section))) === JSON.stringify(shapeOf(examples[name]));
    if (!isSame) text = withSection(text, section, inFence(examples[name]));
  }
  return format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
}
