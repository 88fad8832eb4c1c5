/** What version 1 of journal and store called the counts of a result's files, and what they are called since. */
export const FILE_COUNT_NAMES: ReadonlyMap<string, string> = new Map([
  ['chunksPresent', 'filesPresent'],
  ['chunksIterated', 'filesIterated'],
  ['chunksDownloaded', 'filesDownloaded'],
  ['chunksUnread', 'filesUnread'],
  ['chunksFailed', 'filesFailed'],
  ['chunksExpired', 'filesExpired'],
  ['chunksRetried', 'filesRetried'],
  ['chunkInitialLatencyMs', 'firstFileLatencyMs'],
  ['chunkSlowestLatencyMs', 'slowestFileLatencyMs'],
  ['chunkSumLatencyMs', 'sumFileLatencyMs'],
  ['failedChunkId', 'failedFile'],
]);
