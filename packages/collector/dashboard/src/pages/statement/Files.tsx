import type { JSX } from 'preact';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { bytes, count, duration, factor, UNKNOWN } from '../../format/numbers';
import { meaningOf } from '../../format/meanings';
import { FactList } from '../../ui/FactList';
import { Card } from '../../ui/Panel';

/** The files of a CloudFetch result: is the download the limit? */
export function Files({ statement }: { statement: StatementSummary }): JSX.Element | null {
  const { filesPresent, filesIterated, filesDownloaded, filesRetried, filesFailed, sumFileLatencyMs } = statement;
  const { firstFileLatencyMs, slowestFileLatencyMs, byteCount } = statement;
  if (filesPresent === null || filesPresent === 0) return null;
  const downloaded = filesDownloaded ?? filesIterated ?? filesPresent;
  const meanMs = sumFileLatencyMs === null || downloaded === 0 ? null : sumFileLatencyMs / downloaded;
  const lanes = [
    { name: 'First', ms: firstFileLatencyMs, color: '--c7' },
    { name: 'Mean', ms: meanMs, color: '--c7' },
    { name: 'Slowest', ms: slowestFileLatencyMs, color: '--c2' },
  ];
  const longest = Math.max(1, ...lanes.map(({ ms }) => ms ?? 0));
  return (
    <Card title="CloudFetch files" sub={`${count(filesIterated)} of ${count(filesPresent)} read`}>
      <div class="body">
        {lanes.map(({ name, ms, color }) => (
          <div key={name} class="file-lane">
            <span class="quiet">{name}</span>
            <span class="bar">
              <i style={{ width: `${((ms ?? 0) / longest) * 100}%`, background: `var(${color})` }} />
            </span>
            <b class="tn">{duration(ms)}</b>
          </div>
        ))}
        <FactList
          facts={[
            ['Sum of downloads', duration(sumFileLatencyMs)],
            ['At once, on average', concurrency(statement)?.toFixed(1) ?? UNKNOWN],
            ['Retried / failed', `${count(filesRetried)} / ${count(filesFailed)}`],
            ['First that failed', failureOf(statement)],
            ['Bytes per file', bytes(byteCount === null || downloaded === 0 ? null : byteCount / downloaded)],
          ]}
        />
        <Verdict statement={statement} meanMs={meanMs} />
      </div>
    </Card>
  );
}

/** Which file was given up first, and why, as far as its driver tells. */
function failureOf({ failedFile, failedFileStatus, filesPresent }: StatementSummary): string | null {
  const words = [
    failedFile === null ? '' : `file ${failedFile + 1} of ${count(filesPresent)}`,
    failedFileStatus === null ? '' : `HTTP ${failedFileStatus}`,
    meaningOf(failedFileStatus),
  ];
  return words.filter(Boolean).join(', ') || null;
}

function concurrency({ sumFileLatencyMs, resultConsumptionLatencyMs }: StatementSummary): number | null {
  if (sumFileLatencyMs === null || resultConsumptionLatencyMs === null || resultConsumptionLatencyMs === 0) return null;
  return sumFileLatencyMs / resultConsumptionLatencyMs;
}

/** What the figures mean, where they say something. */
function Verdict({ statement, meanMs }: { statement: StatementSummary; meanMs: number | null }): JSX.Element | null {
  const { slowestFileLatencyMs, resultConsumptionLatencyMs } = statement;
  const value = concurrency(statement);
  if (slowestFileLatencyMs === null || resultConsumptionLatencyMs === null || value === null) return null;
  if (slowestFileLatencyMs > 0.5 * resultConsumptionLatencyMs) {
    const times = meanMs === null || meanMs === 0 ? null : slowestFileLatencyMs / meanMs;
    return (
      <div class="note warn">
        <span>
          <b>One file was the limit.</b> It took {duration(slowestFileLatencyMs)}
          {times !== null && times >= 1.5 ? `, ${factor(times)} the mean,` : ''} of the{' '}
          {duration(resultConsumptionLatencyMs)} of reading.
        </span>
      </div>
    );
  }
  if (value < 1) {
    return (
      <div class="note">
        <span>
          <b>Downloads are not the limit.</b> {value.toFixed(1)} ran at once on average; for the rest of the time the
          files waited for your code to take rows.
        </span>
      </div>
    );
  }
  return null;
}
