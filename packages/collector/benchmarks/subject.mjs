// The collector in a process of its own. Prints its address; on SIGUSR2 event-loop delay, processor time and
// memory since the last time.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startCollector } from '../dist/index.js';

const { address } = await startCollector({
  port: 0,
  data: process.argv[2],
  requestsPerSecond: 1e6,
  retentionDays: 3650,
});
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
console.log(address);
let cpu = process.cpuUsage();
process.on('SIGUSR2', () => {
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  const ms = (nanoseconds) => Math.round(nanoseconds / 1e5) / 10;
  console.log(
    JSON.stringify({
      p99: ms(delay.percentile(99)),
      max: ms(delay.max),
      cpuMs: Math.round((used.user + used.system) / 1e3),
      rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
    }),
  );
  delay.reset();
});
