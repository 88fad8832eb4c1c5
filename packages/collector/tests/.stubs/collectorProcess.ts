/** A collector in a process of its own, on the data folder and with the options (JSON) that it is given; prints its address. */
import { startCollector, type CollectorOptions } from '../../lib';

const options = JSON.parse(process.argv[3] ?? '{}') as CollectorOptions;
startCollector({ ...options, port: 0, data: process.argv[2] ?? '' }).then(
  ({ address }) => process.stdout.write(`${address}\n`),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
