import type { Effort } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { OfficialExport, officialMetric } from '../subjects/official';
import { ourRecord } from '../subjects/ourRecords';
import { COMPRESSED, ourExporter } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';

const BATCH = 100;

/** Values in a log: what an object or a list holds, all the way down. */
function filledFields(value: unknown): number {
  if (value === null || value === undefined || value === '') return 0;
  if (typeof value !== 'object') return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + filledFields(inner), 0);
}

function fieldsOf(body: string): number {
  const { protoLogs } = JSON.parse(body) as { protoLogs: string[] };
  return protoLogs.reduce((sum, log) => sum + filledFields(JSON.parse(log)), 0);
}

async function ourBody(options: Parameters<typeof ourExporter>[0]): Promise<string | Uint8Array> {
  let sent: string | Uint8Array = '';
  const restore = stubTransport(async (_target, { body = '' }) => {
    sent = body;
    return ACCEPTED;
  });
  await ourExporter(options).export(Array.from({ length: BATCH }, (_, index) => ourRecord(index)));
  restore();
  return sent;
}

/** Bytes on the wire: of a batch of statements with every field filled that each side knows. */
export async function wire(_effort: Effort): Promise<Result[]> {
  const ours = String(await ourBody({}));
  const official = new OfficialExport();
  await official.export(Array.from({ length: BATCH }, (_, index) => officialMetric(index)));
  const bytes = { ours: Buffer.byteLength(ours), official: Buffer.byteLength(official.lastBody) };
  const fields = { ours: fieldsOf(ours), official: fieldsOf(official.lastBody) };
  const results = [
    resultOf('wire.record', 'body, one statement record', 'bytes', {
      ours: [bytes.ours / BATCH],
      official: [bytes.official / BATCH],
    }),
    resultOf(
      'wire.field',
      'the same, each filled field',
      'bytes',
      { ours: [bytes.ours / fields.ours], official: [bytes.official / fields.official] },
      { note: `${fields.ours / BATCH} fields here, ${fields.official / BATCH} in the official driver` },
    ),
  ];
  if (COMPRESSED === undefined) return results;
  const compressed = Buffer.byteLength(await ourBody(COMPRESSED)) / BATCH;
  const rounds = { ours: [compressed], uncompressed: [bytes.ours / BATCH], official: [bytes.official / BATCH] };
  const label = 'body compressed with gzip, one statement record';
  return [...results, resultOf('wire.gzip', label, 'bytes', rounds, { comparedWith: 'uncompressed' })];
}
