/** The entries of a list in `index.html`, where the words of the page are that need no code. */
export function dictionary(id: string): ReadonlyMap<string, string> {
  const terms = document.querySelector<HTMLTemplateElement>(`#${id}`)?.content.querySelectorAll('dt') ?? [];
  return new Map([...terms].map((term) => [term.textContent, term.nextElementSibling?.textContent.trim() ?? '']));
}
