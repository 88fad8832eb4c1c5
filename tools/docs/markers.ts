function patternOf(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->\n)([^]*?)(\n<!-- /${name} -->)`);
}

/** Names of the sections of a document, in their order. */
export function sectionsOf(document: string): string[] {
  return [...document.matchAll(/^<!-- \/([\w ]+) -->$/gm)].map(([, name]) => name ?? '');
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. Throws when a marker is missing. */
export function sectionOf(document: string, name: string): string {
  const match = patternOf(name).exec(document);
  if (match?.[2] === undefined) throw new Error(`The document has no section ${name}`);
  return match[2].trim();
}

/** The document with another text in that section. */
export function withSection(document: string, name: string, text: string): string {
  sectionOf(document, name);
  return document.replace(patternOf(name), (_all, open: string, _old, close: string) => `${open}\n${text}\n${close}`);
}
