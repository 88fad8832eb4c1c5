/** A collector in a process of its own, on the data folder that it is given; prints its address. */
import { startCollector } from '../../lib';

startCollector({ port: 0, data: process.argv[2] ?? '' }).then(
  ({ address }) => process.stdout.write(`${address}\n`),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
