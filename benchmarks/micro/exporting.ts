import { collectYoung, cpuMs, type Effort } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialExport, officialMetric } from '../subjects/official';
import { ourRecord } from '../subjects/ourRecords';
import { ourExporter } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';

const BATCH = 100;

/** CPU of one record, from the finished record to the request's body; the request itself is left out on both sides. */
export async function exporting({ rounds }: Effort): Promise<Result[]> {
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
