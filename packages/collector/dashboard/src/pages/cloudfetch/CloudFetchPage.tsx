import type { JSX } from 'preact';
import { useAnswer } from '../../state/answer';
import { question } from '../../state/window';
import { FigureStrip } from '../../ui/FigureStrip';
import { Answered } from '../../ui/Panel';
import { FileChart } from './FileChart';
import { FileCounts } from './FileCounts';
import { figuresOf } from './fileFigures';
import { FormatTable } from './FormatTable';
import { ReadingShare } from './ReadingShare';
import { SlowFiles } from './SlowFiles';

/** Is the download the limit? */
export function CloudFetchPage(): JSX.Element {
  const answer = useAnswer('cloudfetch', question.value, (collector, asked) => collector.cloudfetch(asked));
  return (
    <div class="grid">
      <section class="kpis" aria-label="CloudFetch of the window">
        <Answered
          answer={answer}
          height={62}
          empty={({ statements }) =>
            statements === 0 && 'No result of this window came as files. Large ones do, when the driver asks for it.'
          }
        >
          {(files) => <FigureStrip label="CloudFetch of the window" figures={figuresOf(files)} />}
        </Answered>
      </section>
      <ReadingShare />
      <FileChart
        answer={answer}
        title="Throughput"
        sub="bytes a second of one download; several run at once"
        color="--c1"
        unit="bytes"
        valueOf={({ bytesPerSecond }) => bytesPerSecond}
      />
      <FileChart
        answer={answer}
        title="Slowest file"
        sub="the slowest of each interval"
        color="--c3"
        unit="time"
        valueOf={({ slowestFileMs }) => slowestFileMs}
      />
      <FileCounts answer={answer} />
      <FormatTable answer={answer} />
      <SlowFiles answer={answer} />
    </div>
  );
}
