import { format, resolveConfig } from 'prettier';
import { enumTable, localFieldTable, neverFieldTable, wireFieldTable } from './fieldTable';
import { sectionOf, withSection } from './markers';
import { optionTable } from './optionTable';
import { EXAMPLES, shapeOf, type Examples } from './records';

const TABLES = {
  options: optionTable,
  'wire fields': wireFieldTable,
  'local fields': localFieldTable,
  'never fields': neverFieldTable,
  enums: enumTable,
} as const;

function inFence(example: unknown): string {
  return `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``;
}

function exampleIn(document: string, section: string): unknown {
  const json = /```json\n([^]*?)\n```/.exec(sectionOf(document, section))?.[1];
  return json === undefined ? undefined : JSON.parse(json);
}

/**
 * The document with its tables made anew. An example is replaced only where its shape has changed: times and ids differ
 * from run to run.
 */
export async function regenerated(document: string, file: string, examples?: Examples): Promise<string> {
  let text = document;
  for (const [name, render] of Object.entries(TABLES)) text = withSection(text, name, render());
  for (const name of examples === undefined ? [] : EXAMPLES) {
    const section = `example ${name}`;
    const [old, captured] = [exampleIn(text, section), examples?.[name]];
    const isSame = JSON.stringify(shapeOf(old)) === JSON.stringify(shapeOf(captured));
    if (!isSame) text = withSection(text, section, inFence(captured));
  }
  return format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
}
