/*
 * ClickHouse's HTTP interface, as far as its client needs it, over chdb: ClickHouse in this process.
 * node chdbServer.mjs <path of chdb> <folder> <password>; prints its address when it is ready.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [chdb, folder, password] = process.argv.slice(2);
const { Session } = createRequire(import.meta.url)(chdb);
const session = new Session(folder);
/** Rows are stored at once here: there is no queue of inserts, and it would not be waited for. */
const IGNORED = new Set([
  'query',
  'query_id',
  'database',
  'async_insert',
  'wait_for_async_insert',
  'session_id',
  'role',
]);
const inForce = new Map();

function set(parameters) {
  for (const [name, value] of parameters) {
    if (IGNORED.has(name) || inForce.get(name) === value) continue;
    session.query(`SET ${name} = ${/^\d+$/.test(value) ? value : `'${value}'`}`);
    inForce.set(name, value);
  }
}

function run(url, body) {
  set(url.searchParams);
  const query = url.searchParams.get('query');
  return session.query(query === null ? body : `${query}\n${body}`);
}

function isAllowed({ authorization, 'x-clickhouse-key': key }) {
  const basic = Buffer.from(String(authorization).replace('Basic ', ''), 'base64').toString();
  return key === password || basic.endsWith(`:${password}`);
}

function refuse(response, status, text) {
  const code = /Code: (\d+)/.exec(text)?.[1] ?? '1000';
  response.writeHead(status, { 'x-clickhouse-exception-code': code });
  response.end(text);
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url, 'http://127.0.0.1');
  if (!isAllowed(request.headers)) {
    refuse(response, 403, 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
    return;
  }
  try {
    response.end(run(url, Buffer.concat(chunks).toString()));
  } catch (error) {
    refuse(response, 500, String(error.message));
  }
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
