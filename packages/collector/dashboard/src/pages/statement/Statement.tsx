import type { JSX } from 'preact';
import { CollectorError } from '../../../../lib/client/CollectorClient';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { duration, percent, plural } from '../../format/numbers';
import { prose } from '../../format/prose';
import { exactTime } from '../../format/times';
import { operationName } from '../../format/words';
import { address, linkTo, only } from '../../state/address';
import { useAnswer } from '../../state/answer';
import { warehouseName } from '../../state/names';
import { CopyButton } from '../../ui/CopyButton';
import { Answered } from '../../ui/Panel';
import { Outcome } from '../statementColumns';
import { queryHistoryOf } from './queryHistory';
import { Around } from './Around';
import { Facts } from './Facts';
import { Files } from './Files';
import { Peers } from './Peers';
import { ServerSideCard } from './ServerSideCard';
import { StatementErrors } from './StatementErrors';
import { WaterfallCard } from './WaterfallCard';

/** Where did the time of this one go? */
export function Statement(): JSX.Element {
  const { id } = address.value;
  const answer = useAnswer('statement', id);
  if (answer.kind === 'failed' && answer.error instanceof CollectorError && answer.error.status === 404) {
    return (
      <section class="card">
        <div class="nothing">
          No statement <span class="mono">{id}</span> is stored. {prose('not-stored')}{' '}
          <a href={linkTo('statements')}>Statements of this window</a>
        </div>
      </section>
    );
  }
  return (
    <Answered answer={answer} height={640}>
      {(detail) => (
        <div class="grid">
          <Head detail={detail} />
          <div class="s8 col">
            <WaterfallCard statement={detail.statement} />
            <ServerSideCard detail={detail} />
            <Peers detail={detail} />
            <Around detail={detail} />
          </div>
          <div class="s4 col">
            <StatementErrors errors={detail.errors} />
            <Files statement={detail.statement} />
            <Facts detail={detail} />
          </div>
        </div>
      )}
    </Answered>
  );
}

function Head({ detail: { statement, fasterPeers, peers } }: { detail: StatementDetail }): JSX.Element {
  const { statementId, operationType, service, warehouse, timeMs, retryCount, retryCauses, outcome, totalLatencyMs } =
    statement;
  const history = queryHistoryOf(statement);
  return (
    <section class="card head">
      <div>
        <div class="head-id">
          <b class="mono">{statementId ?? 'Statement without an id'}</b>
          {statementId !== null && <CopyButton text={statementId} what="statement id" />}
          <Outcome outcome={outcome} />
          {retryCount !== null && retryCount > 0 && (
            <span class="tag warn">
              {plural(retryCount, 'retry', 'retries')}
              {retryCauses === null ? '' : `: ${retryCauses}`}
            </span>
          )}
        </div>
        <div class="quiet">
          <span title={operationType ?? undefined}>{operationName(operationType)}</span> by{' '}
          <a href={linkTo('statements', only('service', service))}>{service ?? 'an unknown service'}</a>
          {warehouse !== null && <span title={warehouse}> on {warehouseName(warehouse)}</span>}, started{' '}
          {exactTime(timeMs)}
        </div>
      </div>
      <span class="sp" />
      <div class="head-total">
        <div class="v">{duration(totalLatencyMs)}</div>
        {fasterPeers !== null && peers.count > 1 && (
          <div class="quiet">
            slower than {percent(fasterPeers)} of {service ?? 'its peers'}
          </div>
        )}
      </div>
      {history !== null && (
        <a class="btn" href={history} target="_blank" rel="noreferrer" title="In the workspace; you sign in there">
          Open in Query History ↗
        </a>
      )}
    </section>
  );
}
