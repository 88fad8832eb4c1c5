import type { JSX } from 'preact';
import type { Fleet, FleetGroup } from '../../../../lib/store/queries/fleet';
import { RAMP } from '../../charts/heatmapScale';
import { countOrDash, duration, percent, plural, short, sumOf } from '../../format/numbers';
import { linkTo, only } from '../../state/address';
import type { Answer } from '../../state/answer';
import { ChartCard } from '../../ui/ChartCard';
import { figure } from '../../ui/columns';
import { numbersOf } from '../../ui/Table';
import { driverVersionsOf, fullName } from './drivers';

const MOST_RUNTIMES = 4;
const MOST_DRIVERS = 16;

/** Which driver runs on which runtime. */
export function Pairs({ answer }: { answer: Answer<Fleet> }): JSX.Element {
  return (
    <ChartCard
      title="Driver × runtime"
      sub="statements, share and p95 of each pair"
      span="s7"
      foot="Stronger: more statements."
      answer={answer}
      height={200}
      empty={({ pairs }) => pairs.length === 0 && 'No statement in this window.'}
      chart={(fleet) => <Matrix fleet={fleet} />}
      table={({ pairs }) =>
        numbersOf({
          label: 'Driver and runtime',
          rows: pairs,
          keyOf: ({ name, version }) => `${name ?? ''} ${version ?? ''}`,
          columns: [
            { name: 'Driver', mono: true, value: ({ name }) => name },
            { name: 'Runtime', mono: true, value: ({ version }) => version },
            figure('Statements', ({ statements }: FleetGroup) => statements),
            figure('p95', ({ latency }: FleetGroup) => latency.p95, duration),
          ],
        })
      }
    />
  );
}

function Matrix({ fleet }: { fleet: Fleet }): JSX.Element {
  const { pairs } = fleet;
  const all = sumOf(pairs, ({ statements }) => statements);
  const runtimes = [...new Set(pairs.map(({ version }) => version))];
  const shown = runtimes.slice(0, MOST_RUNTIMES);
  const drivers = driverVersionsOf(fleet);
  return (
    <div class="tw" tabIndex={0} role="region" aria-label="Driver and runtime">
      <table class="mx">
        <thead>
          <tr>
            <th scope="col">Driver</th>
            {shown.map((runtime) => (
              <th key={runtime} scope="col" class="mono" title={runtime ?? undefined}>
                {runtime ?? 'unknown'}
              </th>
            ))}
            {runtimes.length > shown.length && <th scope="col">{plural(runtimes.length - shown.length, 'other')}</th>}
          </tr>
        </thead>
        <tbody>
          {drivers.slice(0, MOST_DRIVERS).map((driver) => {
            const own = pairs.filter(({ name }) => name === driver.version);
            const others = own.filter(({ version }) => !shown.includes(version));
            return (
              <tr key={driver.version}>
                <th scope="row" title={fullName(driver)}>
                  <span class="quiet">{driver.driver}</span> <span class="mono">{driver.version ?? 'unknown'}</span>{' '}
                  {driver.newest && <span class="tag good">newest here</span>}
                </th>
                {shown.map((runtime) => (
                  <Cell key={runtime} pair={own.find(({ version }) => version === runtime)} all={all} />
                ))}
                {runtimes.length > shown.length && (
                  <td class="quiet">{countOrDash(sumOf(others, ({ statements }) => statements))}</td>
                )}
              </tr>
            );
          })}
          {drivers.length > MOST_DRIVERS && (
            <tr>
              <th scope="row" class="quiet">
                {plural(drivers.length - MOST_DRIVERS, 'other version')}: see the table
              </th>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ pair, all }: { pair: FleetGroup | undefined; all: number }): JSX.Element {
  if (pair === undefined) return <td class="quiet">–</td>;
  const { name, version, statements, latency } = pair;
  const step = Math.min(RAMP.length - 1, Math.floor(Math.sqrt(statements / all) * RAMP.length));
  const link = linkTo('statements', {
    ...only('driverVersion', name),
    ...only('runtimeVersion', version),
  });
  return (
    <td>
      <a class={step >= 4 ? 'cell high' : 'cell'} href={link} style={{ background: `var(${RAMP[step] ?? RAMP[0]})` }}>
        <span>
          <b>{short(statements)}</b> · {percent(statements / all)}
        </span>
        <small>p95 {duration(latency.p95)}</small>
      </a>
    </td>
  );
}
