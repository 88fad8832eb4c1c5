import type { JSX } from 'preact';
import type { Comparison } from '../../../../lib/store/queries/compare';
import type { Marker } from '../../../../lib/store/queries/markers';
import { plural } from '../../format/numbers';
import { interval, moment } from '../../format/times';
import { valueOf, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { Icon } from '../../ui/Icon';
import { Moment } from '../../ui/Moment';
import { Popover } from '../../ui/Popover';
import { Segments } from '../../ui/Segments';
import { compareWith, setBaseline, splitAt, type Compared, type Span } from './windows';

const MODES = [
  { value: 'split', label: 'Before and after' },
  { value: 'before', label: 'The window before' },
  { value: 'yesterday', label: 'Same time yesterday' },
  { value: 'own', label: 'Two windows' },
] as const;

const MARKERS_SHOWN = 24;

interface Properties {
  readonly compared: Compared;
  readonly markers: readonly Marker[];
  readonly answer: Answer<Comparison>;
}

/** What is compared with what. */
export function Choice({ compared, markers, answer }: Properties): JSX.Element {
  const { mode, a, b } = compared;
  const known = valueOf(answer);
  return (
    <div class="choice">
      <Segments label="Compare" options={MODES} value={mode} onChange={(value) => compareWith(value, markers)} />
      <Window name="A" color="--rest" span={a} statements={known?.b.statements} />
      <span class="quiet">against</span>
      <Window name="B" color="--sel" span={b} statements={known?.a.statements} />
      {mode === 'split' && <SplitMenu compared={compared} markers={markers} />}
      {mode === 'own' && <BaselineMenu a={a} />}
    </div>
  );
}

function Window(properties: { name: string; color: string; span: Span; statements: number | undefined }): JSX.Element {
  const { name, color, span, statements } = properties;
  return (
    <span class="ab">
      <i style={{ background: `var(${color})` }} />
      <b>{name}</b> {interval(span.fromMs, span.toMs)}
      <span class="quiet">{statements === undefined ? '' : plural(statements, 'statement')}</span>
    </span>
  );
}

const labelOf = ({ service, driverVersion, runtimeVersion }: Marker): string =>
  `${service ?? 'unknown'}: ${driverVersion === null ? '' : `driver ${driverVersion}`} ${runtimeVersion ?? ''}`.trim();

function SplitMenu({ compared, markers }: Omit<Properties, 'answer'>): JSX.Element {
  const { marker, b } = compared;
  const { fromMs, toMs } = timeWindow.value;
  return (
    <Popover
      buttonClass="btn"
      label="Moment of the cut"
      button={
        <>
          {marker === undefined ? `cut at ${moment(b.fromMs)}` : `cut where ${labelOf(marker)} first appears`}{' '}
          <Icon name="down" size={12} />
        </>
      }
    >
      {(close) => (
        <>
          {markers.slice(-MARKERS_SHOWN).map((one) => (
            <button
              key={`${one.timeMs}${one.service ?? ''}`}
              type="button"
              class="i"
              role="radio"
              aria-checked={one === marker}
              onClick={() => {
                splitAt(one.timeMs);
                close();
              }}
            >
              {moment(one.timeMs)} {labelOf(one)}
            </button>
          ))}
          {markers.length > 0 && <hr />}
          <Moment name="At" ms={b.fromMs} onChange={(ms) => ms > fromMs && ms < toMs && splitAt(ms)} />
        </>
      )}
    </Popover>
  );
}

function BaselineMenu({ a }: { a: Span }): JSX.Element {
  return (
    <Popover
      buttonClass="btn"
      label="Window A"
      button={
        <>
          choose A <Icon name="down" size={12} />
        </>
      }
    >
      {() => (
        <>
          <Moment name="From" ms={a.fromMs} onChange={(ms) => ms < a.toMs && setBaseline({ ...a, fromMs: ms })} />
          <Moment name="To" ms={a.toMs} onChange={(ms) => ms > a.fromMs && setBaseline({ ...a, toMs: ms })} />
        </>
      )}
    </Popover>
  );
}
