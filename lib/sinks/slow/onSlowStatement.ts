import type { OnSlowStatement } from '../../contracts/ReceiverOptions';
import { givenIn, kindOf, type OptionProblem } from '../../model/options';

export interface NamedCallback {
  /** That of the innermost level which names one. */
  readonly onSlow: OnSlowStatement | undefined;
  readonly problems: readonly OptionProblem<'onSlowStatement'>[];
}

/** The callback that options name, outermost level first. Cannot throw. */
export function callbackOf(...levels: readonly object[]): NamedCallback {
  let onSlow: OnSlowStatement | undefined;
  const problems: OptionProblem<'onSlowStatement'>[] = [];
  for (const level of levels) {
    const named = givenIn(level, 'onSlowStatement');
    if (typeof named === 'function') onSlow = named as OnSlowStatement;
    else if (named !== undefined) {
      problems.push({ option: 'onSlowStatement', given: kindOf(named), done: 'left out' });
    }
  }
  return { onSlow, problems };
}
