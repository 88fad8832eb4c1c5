import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { prose } from '../../format/prose';
import { bytes, duration } from '../../format/numbers';
import { SeriesChart } from '../SeriesChart';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { FigureStrip } from '../../ui/FigureStrip';
import { FileCounts } from './FileCounts';
import { figuresOf } from './fileFigures';
import { FormatTable } from './FormatTable';
import { ReadingShare } from './ReadingShare';
import { SlowFiles } from './SlowFiles';

type Point = CloudFetch['series'][number];

/** Is the download the limit? */
export function CloudFetchPage(): JSX.Element {
  const answer = useAnswer('cloudfetch', question.value);
  return (
    <div class="grid">
      <FigureStrip
        label="CloudFetch of the window"
        answer={answer}
        figures={figuresOf}
        empty={({ statements }) => statements === 0 && prose('no-files')}
      />
      <Estimates of={valueOf(answer)?.sampled} />
      <ReadingShare />
      <SeriesChart
        answer={answer}
        span="s6"
        title="Throughput"
        name="Throughput"
        sub="bytes a second of one download; several run at once"
        format={bytes}
        valueOf={({ bytesPerSecond }: Point) => bytesPerSecond}
      />
      <SeriesChart
        answer={answer}
        span="s6"
        title="Slowest file"
        name="Slowest file"
        sub="the slowest of each interval"
        color="--c3"
        format={duration}
        valueOf={({ slowestFileMs }: Point) => slowestFileMs}
      />
      <FileCounts answer={answer} />
      <FormatTable answer={answer} />
      <SlowFiles answer={answer} />
    </div>
  );
}
