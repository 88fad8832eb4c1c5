/** What keeps a bar from its goal, by the bar's measure: what the figure is made of, what was tried, and what stays. */
export const STOPS: Readonly<Record<string, string>> = {};

/** The paragraphs of the bars that have one, in the order of the bars. */
export function stopsText(measures: readonly string[]): string {
  return measures
    .flatMap((measure) => (STOPS[measure] === undefined ? [] : [`**${measure}.** ${STOPS[measure]}`]))
    .join('\n\n');
}
