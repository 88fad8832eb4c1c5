// What the collector is measured against: parses the JSON of every log and appends the body to a file, with the same
// fsync for all that came together. Prints its address.
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const file = await open(process.argv[2], 'a');
let waiting = [];
let committing = false;

async function commit() {
  committing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.write(Buffer.concat(group.map(({ body }) => body)));
    await file.datasync();
    for (const { done } of group) done();
  }
  committing = false;
}

const server = createServer(async (message, response) => {
  const parts = [];
  for await (const part of message) parts.push(part);
  let body = Buffer.concat(parts);
  if (message.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
  const { protoLogs } = JSON.parse(body.toString());
  for (const log of protoLogs) JSON.parse(log);
  await new Promise((done) => {
    waiting.push({ body, done });
    if (!committing) void commit();
  });
  response.end(JSON.stringify({ errors: [], numProtoSuccess: protoLogs.length }));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
