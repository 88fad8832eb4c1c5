import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { Finding } from '../../../../lib/store/queries/findings';
import { duration, factor, plural } from '../../format/numbers';
import { interval, moment } from '../../format/times';
import { linkTo, only } from '../../state/address';
import { useAnswer } from '../../state/answer';
import { warehouseName } from '../../state/names';
import { question } from '../../state/window';
import { Answered } from '../../ui/Panel';
import { versionChanges } from '../versionChanges';

const SHOWN = 3;

/** What stands out, in words. */
export function FindingsCard(): JSX.Element {
  const answer = useAnswer('findings', question.value);
  return (
    <section class="card found" aria-label="What stands out">
      <Answered answer={answer} height={54}>
        {({ findings }) =>
          findings.length === 0 ? (
            <p class="find quiet">{prose('calm')}</p>
          ) : (
            <div class="findings">
              {findings.slice(0, SHOWN).map((finding, index) => (
                <Found key={index} {...wordsOf(finding)} />
              ))}
            </div>
          )
        }
      </Answered>
    </section>
  );
}

interface Words {
  readonly mark: string;
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  readonly text: string;
  readonly link: string;
}

function Found({ mark, tone, title, text, link }: Words): JSX.Element {
  return (
    <a class="find" href={link}>
      <span class={`g ${tone}`} aria-hidden="true">
        {mark}
      </span>
      <div>
        <b>{title}</b>
        <p>{text}</p>
      </div>
    </a>
  );
}

function wordsOf(finding: Finding): Words {
  switch (finding.kind) {
    case 'slower': {
      const { service, sinceMs, p50BeforeMs, p50AfterMs } = finding;
      return {
        mark: '↑',
        tone: 'bad',
        title: `${service} is ${factor(p50AfterMs / Math.max(1, p50BeforeMs))} slower since ${moment(sinceMs)}`,
        text: `p50 ${duration(p50BeforeMs)} → ${duration(p50AfterMs)}. ${deploymentOf(finding)}`,
        link: linkTo('compare', { ...only('service', service), split: String(sinceMs) }),
      };
    }
    case 'errors': {
      const { service, error, sqlState, errors, fromMs, toMs } = finding;
      const name = error === sqlState || sqlState === null ? (error ?? 'an unnamed error') : `${error} (${sqlState})`;
      return {
        mark: '!',
        tone: 'bad',
        title: `${plural(errors, 'error')} of ${service ?? 'unknown services'}, ${interval(fromMs, toMs, false)}`,
        text: `Every one ${name}.`,
        link: linkTo('errors', only('service', service)),
      };
    }
    case 'retries': {
      const { warehouse, fromMs, toMs, causes, services, saved, lost } = finding;
      return {
        mark: '↻',
        tone: 'warn',
        title: `Retry storm on ${warehouse === null ? 'unknown warehouses' : warehouseName(warehouse)}, ${interval(fromMs, toMs, false)}`,
        text: `${causesOf(causes)} for ${plural(services, 'service')}. Retrying saved ${plural(saved, 'statement')}, ${plural(lost, 'was', 'were')} lost in spite of it.`,
        link: linkTo('retries', only('warehouse', warehouse)),
      };
    }
  }
}

const deploymentOf = ({ deployment }: Extract<Finding, { kind: 'slower' }>): string =>
  deployment === null
    ? 'No new version of its driver or runtime at that time.'
    : `Deployed then: ${versionChanges(deployment)}.`;

const causesOf = (causes: readonly string[]): string =>
  causes.length === 0 ? 'Causes not told' : causes.slice(0, 2).join(' and ');
