import { collectYoung, cpuMs, longestBlock, turns, type Effort } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialExport, officialMetric, OfficialPipeline } from '../subjects/official';
import { ourExporter, OurPipeline, ourRecord } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';

const BATCH = 100;

/** CPU of one record, from the finished record to the request's body; the request itself is left out on both sides. */
async function perRecord({ rounds }: Effort): Promise<Result[]> {
  const restore = stubTransport(() => Promise.resolve(ACCEPTED));
  const ours = ourExporter();
  const official = new OfficialExport();
  const times = { ours: [] as number[], official: [] as number[] };
  const measure = async <R>(make: (index: number) => R, send: (batch: R[]) => Promise<unknown>): Promise<number> => {
    // New records for each export, as old as they are when they wait for one: no collection has to move them.
    const batches = Array.from({ length: 10 }, () => Array.from({ length: BATCH }, (_, index) => make(index)));
    collectYoung();
    const startedAtMs = cpuMs();
    for (const batch of batches) await send(batch);
    return ((cpuMs() - startedAtMs) * 1e6) / BATCH / batches.length;
  };
  for (let round = -Math.ceil(rounds / 3); round < rounds; round += 1) {
    const ourTime = await measure(ourRecord, (batch) => ours.export(batch));
    const officialTime = await measure(officialMetric, (batch) => official.export(batch));
    if (round < 0) continue;
    times.ours.push(ourTime);
    times.official.push(officialTime);
  }
  restore();
  return [resultOf('export.cpu', 'export, one statement record', 'ns', times)];
}

/** Backlogs, and rounds before the measured ones: until both sides have been compiled. */
const BACKLOGS = { 100: 60, 500: 20, 5000: 5 };

/** The longest time that sending a backlog keeps the event loop from everything else. */
async function blocking({ rounds }: Effort): Promise<Result[]> {
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
      ours.aggregator.setMode('hold');
      for (let i = 0; i < backlog; i += 1) {
        const record = ourRecord(i);
        ours.aggregator.statementEnded(record, 'delivered');
      }
      globalThis.gc?.();
      const ourTime = await longestBlock(async () => {
        ours.aggregator.setMode('open');
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

export async function exporting(effort: Effort): Promise<Result[]> {
  return [...(await perRecord(effort)), ...(await blocking(effort))];
}
