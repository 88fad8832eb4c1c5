// A local workspace, or a gateway in front of one, in a process of its own; prints what a client needs as JSON.
// Usage: node gatewayProcess.mjs workspace | node gatewayProcess.mjs gateway <options as JSON>
import { startLocalWorkspace } from 'databricks-local-workspace';
import { startGateway } from '../dist/index.js';

const [what, options] = process.argv.slice(2);
if (what === 'workspace') {
  const { connectionOptions } = await startLocalWorkspace();
  console.log(JSON.stringify(connectionOptions));
} else {
  const { port } = await startGateway({ port: 0, collector: 'http://127.0.0.1:9', ...JSON.parse(options) });
  console.log(JSON.stringify({ port }));
}
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({ cpuMs: (user + system) / 1000, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) }),
  );
});
