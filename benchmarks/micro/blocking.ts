import { longestBlock, turns, type Effort } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialExport, officialMetric, OfficialPipeline } from '../subjects/official';
import { ourRecord } from '../subjects/ourRecords';
import { ourExporter, OurPipeline } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';

/** Backlogs, and rounds before the measured ones: until both sides have been compiled. */
const BACKLOGS = { 100: 60, 500: 20, 5000: 5 };

/** The longest time that sending a backlog keeps the event loop from everything else. */
export async function blocking({ rounds }: Effort): Promise<Result[]> {
  const restore = stubTransport(async () => {
    await turns(1);
    return ACCEPTED;
  });
  const results: Result[] = [];
  for (const [key, warmUps] of Object.entries(BACKLOGS)) {
    const backlog = Number(key);
    const times = { ours: [] as number[], official: [] as number[] };
    const limits = { telemetryMaxPendingMetrics: backlog + 1, telemetryMaxPendingBytes: 256 * 1024 * 1024 };
    for (let round = -warmUps; round < Math.max(15, Math.ceil(rounds / 3)); round += 1) {
      const ours = new OurPipeline({ exporter: ourExporter(), config: limits });
      ours.aggregator.setMode({ kind: 'hold' });
      for (let i = 0; i < backlog; i += 1) {
        ours.ended(ourRecord(i));
      }
      globalThis.gc?.();
      const ourTime = await longestBlock(async () => {
        ours.aggregator.setMode({ kind: 'open' });
        await ours.aggregator.flush();
      });
      await ours.aggregator.close();

      const official = new OfficialPipeline({
        exporter: new OfficialExport(),
        config: { ...limits, telemetryBatchSize: 1e9 },
      });
      fillOfficial(official, backlog);
      globalThis.gc?.();
      const officialTime = await longestBlock(async () => {
        await official.aggregator.flush();
      });
      await official.aggregator.close();
      if (round < 0) continue;
      times.ours.push(ourTime);
      times.official.push(officialTime);
    }
    results.push(resultOf(`block.${backlog}`, `longest block, backlog of ${backlog}`, 'ms', times));
  }
  restore();
  return results;
}

function fillOfficial(pipeline: OfficialPipeline, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const { statementId = '' } = officialMetric(i);
    const startedAt = pipeline.start(statementId, 'session');
    for (let chunk = 0; chunk < 10; chunk += 1) pipeline.chunk(statementId, chunk, 12, 1_000_000);
    pipeline.complete(statementId, 'session', startedAt, 2);
  }
}
