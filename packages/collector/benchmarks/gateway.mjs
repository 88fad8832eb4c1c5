// What a gateway costs: a million rows fetched inline, with it and without it, in turns of one run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import { generate } from 'selfsigned';

const SQL =
  "SELECT id, id % 97 AS bucket, id * 1.5 AS amount, 'customer ' || CAST(id % 1000 AS STRING) AS name FROM range(1000000)";
const GOAL = 1.03;

async function start(...args) {
  const script = join(import.meta.dirname, 'gatewayProcess.mjs');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = async () => JSON.parse((await once(child.stdout, 'data'))[0].toString());
  const settings = await line();
  const tell = () => {
    child.kill('SIGUSR2');
    return line();
  };
  return { settings, tell, stop: () => child.kill('SIGKILL') };
}

async function connect(settings) {
  const client = new DBSQLClient({ logger: { log() {} } });
  await client.connect({ ...settings, telemetryEnabled: false });
  const session = await client.openSession();
  const fetch = async () => {
    const startMs = performance.now();
    const operation = await session.executeStatement(SQL, { useCloudFetch: false });
    let rows = 0;
    do rows += (await operation.fetchChunk()).length;
    while (await operation.hasMoreRows());
    await operation.close();
    if (rows !== 1_000_000) throw new Error(`${rows} rows came`);
    return performance.now() - startMs;
  };
  const close = async () => {
    await session.close();
    await client.close();
  };
  return { fetch, close };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Calls `row(name, value, goal, good)` for each figure. */
export async function gateway(row, rounds) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const workspace = await start('workspace');
  const { port, customCaCert } = workspace.settings;
  const options = { upstream: `https://localhost:${port}`, upstreamCa: customCaCert, tls: { cert, key } };
  const passing = await start('gateway', JSON.stringify(options));
  const direct = await connect(workspace.settings);
  const through = await connect({
    ...workspace.settings,
    port: passing.settings.port,
    customCaCert: `${cert}\n${customCaCert}`,
  });
  for (const way of [direct, through, direct, through]) await way.fetch();
  const cpuMs = async () => {
    const { user, system } = process.cpuUsage();
    const others = await Promise.all([workspace.tell(), passing.tell()]);
    return { all: (user + system) / 1000 + others[0].cpuMs + others[1].cpuMs, gateway: others[1].cpuMs };
  };
  const before = await cpuMs();
  const times = { direct: [], through: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first changes, so that what a round leaves behind meets both.
    const order = round % 2 === 0 ? ['direct', 'through'] : ['through', 'direct'];
    for (const name of order) times[name].push(await (name === 'direct' ? direct : through).fetch());
  }
  const after = await cpuMs();
  const ratio = median(times.through.map((ms, index) => ms / times.direct[index]));
  row(
    `a million rows inline through the gateway, beside ${Math.round(median(times.direct))} ms without (${rounds} rounds)`,
    ratio.toFixed(3),
    `<= ${GOAL}`,
    ratio <= GOAL,
  );
  // Half of the fetches went through it.
  const own = after.gateway - before.gateway;
  const share = own / ((after.all - before.all - own) / 2);
  row(
    `  its processor time (${Math.round(own / rounds)} ms) beside that of driver and workspace`,
    `${(share * 100).toFixed(1)} %`,
    '<= 3 %',
    share <= 0.03,
  );
  const { rssMb } = await passing.tell();
  row('  its memory, MB', rssMb, '<= 150', rssMb <= 150);
  await direct.close();
  await through.close();
  passing.stop();
  workspace.stop();
}
