import type { JSX } from 'preact';
import type { Comparison } from '../../../../lib/store/queries/compare';
import type { Difference } from '../../../../lib/store/statistics/intervals';
import { count, duration, percent } from '../../format/numbers';
import { prose } from '../../format/prose';
import type { Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { Answered, Card } from '../../ui/Panel';
import { changeOf, intervalOf } from './changes';

/** Under so many statements on a side no interval is given. */
const ENOUGH = 20;

/** The comparison in words, and how sure they are. */
export function Verdict({ answer }: { answer: Answer<Comparison> }): JSX.Element {
  return (
    <Card title="Is B worse?" sub={prose('verdict')}>
      <Answered answer={answer} height={72} empty={untold}>
        {(comparison) => (
          <div class="body verdict">
            <p>
              <b>{headline(comparison)}</b>
            </p>
            <p class="quiet">
              {wordsOf('Half of the statements', comparison.p50)} {wordsOf('The slowest 5%', comparison.p95)}{' '}
              {failureWords(comparison)}
            </p>
          </div>
        )}
      </Answered>
    </Card>
  );
}

function untold({ a, b, p50 }: Comparison): string | false {
  if (p50.low !== null) return false;
  return a.latency.count < ENOUGH || b.latency.count < ENOUGH
    ? `Too few statements to tell: A has ${count(b.latency.count)} and B ${count(a.latency.count)}, ${prose('too-few')}`
    : prose('overlap');
}

function headline({ p50, p95, failureRate, a, b }: Comparison): string {
  const [half, slow, failures] = [changeOf(p50), changeOf(p95), changeOf(failureRate)];
  const sure = `${count(a.latency.count)} statements against ${count(b.latency.count)}`;
  const more = failures.kind === 'more' ? ' It fails more often, too.' : '';
  if (half.kind === 'more')
    return `Yes: B is slower, ${duration(p50.b)} → ${duration(p50.a)} (${half.words}), ${sure}.${more}`;
  if (slow.kind === 'more')
    return `Its slow statements are: ${duration(p95.b)} → ${duration(p95.a)} (${slow.words}), ${sure}.${more}`;
  if (failures.kind === 'more') {
    return `It fails more often: ${percent(failureRate.b)} → ${percent(failureRate.a)}, ${sure}.`;
  }
  if (half.kind === 'less') return `No: B is faster, ${duration(p50.b)} → ${duration(p50.a)} (${half.words}), ${sure}.`;
  return `No difference that chance would not explain, ${sure}.`;
}

function wordsOf(who: string, difference: Difference): string {
  const what = measure.value.label.toLowerCase();
  const change = changeOf(difference);
  switch (change.kind) {
    case 'unknown':
      return `${who}: ${what} ${duration(difference.b)} and ${duration(difference.a)}, ${prose('unsure')}`;
    case 'chance':
      return `${who}: ${what} ${duration(difference.b)} and ${duration(difference.a)}, within chance (${intervalOf(difference)}).`;
    case 'more':
    case 'less':
      return `${who}: ${what} ${duration(difference.b)} → ${duration(difference.a)}, ${intervalOf(difference)}.`;
  }
}

function failureWords({ failureRate }: Comparison): string {
  const change = changeOf(failureRate);
  if (change.kind === 'unknown') return 'How many failed is not known.';
  const words = `Failed: ${percent(failureRate.b)} and ${percent(failureRate.a)}`;
  return change.kind === 'chance' ? `${words}, within chance.` : `${words}, ${intervalOf(failureRate, percent)}.`;
}
