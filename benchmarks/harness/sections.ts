/** The sections of a Markdown page by their headings of the second level, each with its heading and without blank ends. */
export function sectionsOf(page: string): Map<string, string> {
  const sections = page.split(/^(?=## )/m).filter((section) => section.startsWith('## '));
  return new Map(sections.map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trim()]));
}

/** `made`, or where a section was not made anew, the one of that heading in the page as it was. */
export function keptOr(made: string | undefined, heading: string, page: string): string {
  return made ?? sectionsOf(page).get(heading) ?? `## ${heading}\n\nNot run.`;
}
