import type { OnSlowStatement } from '../../contracts/ReceiverOptions';
import type { OptionProblem } from '../../model/options';

interface Naming {
  readonly onSlowStatement?: unknown;
}

export interface NamedCallback {
  /** That of the innermost level which names one. */
  readonly onSlow: OnSlowStatement | undefined;
  readonly problems: readonly OptionProblem<'onSlowStatement'>[];
}

/** The callback that options name, outermost level first. Throws only what an accessor of the application throws. */
export function callbackOf(...levels: readonly Naming[]): NamedCallback {
  let onSlow: OnSlowStatement | undefined;
  const problems: OptionProblem<'onSlowStatement'>[] = [];
  for (const { onSlowStatement: named } of levels) {
    if (typeof named === 'function') onSlow = named as OnSlowStatement;
    else if (named !== undefined) {
      const given = named === null ? 'null' : typeof named;
      problems.push({ option: 'onSlowStatement', given, done: 'left out' });
    }
  }
  return { onSlow, problems };
}
