// Sends batches of statement logs as fast as they are taken, or at a rate. Usage:
// node load.mjs <address> <seconds> <connections> <plain|gzip> [records per second]
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';

const [address, seconds, connections, encoding, rate] = process.argv.slice(2);
const LOGS = 100;
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const untilMs = Date.now() + Number(seconds) * 1000;

const SESSIONS = Array.from({ length: 200 }, () => randomUUID());
const session = (id, i) =>
  JSON.stringify({
    frontend_log_event_id: randomUUID(),
    context: { client_context: { timestamp_millis: Date.now(), user_agent: 'x/1.0' } },
    entry: {
      sql_driver_log: {
        session_id: id,
        operation_latency_ms: 9,
        system_configuration: {
          driver_name: 'nodejs-sql-driver',
          driver_version: `2.${i % 4}.0`,
          client_app_name: `service-${i}`,
          runtime_name: 'Node.js',
          runtime_version: 'v20.20.2',
          os_name: 'linux',
        },
        driver_connection_params: {
          host_info: { host_url: 'workspace.test' },
          http_path: `/sql/1.0/warehouses/wh${i % 8}`,
          mode: 'THRIFT',
        },
        sql_operation: { operation_detail: { operation_type: 'CREATE_SESSION' } },
      },
    },
  });

let counter = 0;
const prefix = randomUUID().slice(0, 24);
const nextId = () => prefix + (counter++).toString(16).padStart(12, '0');
function statement() {
  const id = nextId();
  const i = counter % 200;
  const latency = 20 + ((counter * 7919) % 900);
  return `{"workspace_id":1234567890123456,"frontend_log_event_id":"${id}","context":{"client_context":{"timestamp_millis":${Date.now()},"user_agent":"NodejsDatabricksSqlConnector/2.1.0 (service; Node.js 20.20.2; Linux)"}},"entry":{"sql_driver_log":{"session_id":"${SESSIONS[i]}","sql_statement_id":"${id}","operation_latency_ms":${latency},"sql_operation":{"statement_type":"QUERY","is_compressed":true,"execution_result":"INLINE_ARROW","retry_count":0,"result_latency":{"result_set_ready_latency_millis":${latency},"result_set_consumption_latency_millis":12},"operation_detail":{"n_operation_status_calls":1,"operation_status_latency_millis":4,"operation_type":"EXECUTE_STATEMENT"}}}}}`;
}

function post(logs) {
  let body = Buffer.from(
    `{"uploadTime":${Date.now()},"items":[],"protoLogs":[${logs.map((log) => JSON.stringify(log)).join(',')}]}`,
  );
  if (encoding === 'gzip') body = gzipSync(body, { level: 1 });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    if (encoding === 'gzip') headers['content-encoding'] = 'gzip';
    const asked = request(`${address}/telemetry-ext`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

await post(SESSIONS.map(session));
const startMs = performance.now();
let accepted = 0;
let refused = 0;
async function worker() {
  while (Date.now() < untilMs) {
    if (rate !== undefined && accepted > ((performance.now() - startMs) / 1000) * Number(rate)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    if ((await post(Array.from({ length: LOGS }, statement))) === 200) accepted += LOGS;
    else {
      refused += LOGS;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
await Promise.all(Array.from({ length: Number(connections) }, worker));
const tookMs = performance.now() - startMs;
console.log(JSON.stringify({ accepted, refused, perSecond: Math.round((accepted * 1000) / tookMs) }));
process.exit(0);
