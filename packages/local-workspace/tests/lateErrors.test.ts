import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';

const ROWS = 800_000;
const FORMATS = [
  { name: 'CloudFetch', format: 'cloudfetch', config: { useCloudFetch: true } },
  { name: 'inline Arrow', format: 'inline-arrow', config: { useCloudFetch: false } },
  { name: 'column-based', format: 'columnar', config: { arrowEnabled: false } },
] as const;

/** `expression` fails for the row `at`. */
const failingAt = (at: number, expression: string): string =>
  `SELECT CASE WHEN id < ${at} THEN id ELSE ${expression} END AS n FROM range(${ROWS})`;

for (const { name, Client } of DRIVERS) {
  for (const { name: formatName, format, config } of FORMATS) {
    describe(`late errors, driver ${name}, ${formatName}`, () => {
      let it_: Harness;

      before(async () => {
        const cloudFetch = { maxRowsPerFile: 50_000, linksPerFetch: 2 };
        it_ = await harness({ Client, config: { ...config, disableRowMaterialization: true }, cloudFetch });
      });
      after(() => it_.close());

      const last = () => it_.workspace.received.statements().at(-1);

      it('fails the statement for an error within the rows that are read first', async () => {
        const failure = await it_.failure(failingAt(300_000, "raise_error('early')"));
        expect(failure.message).to.include('[USER_RAISED_EXCEPTION] early');
        expect(last()).to.include({ outcome: 'failed', sqlState: 'P0001', resultFormat: undefined });
      });

      it('fails the fetch that meets an error further on, and those after it', async () => {
        const operation = await it_.session.executeStatement(failingAt(600_000, "CAST('x' AS INT)"));
        expect((await operation.fetchChunk({ maxRows: 10_000 })).length).to.be.above(0);
        expect(last()).to.include({ outcome: 'succeeded', resultFormat: format });
        const messages: string[] = [];
        for (let fetches = 0; messages.length < 2 && fetches < 1000; fetches++) {
          await operation.fetchChunk({ maxRows: 100_000, disableBuffering: true }).catch((error: unknown) => {
            messages.push((error as Error).message);
          });
        }
        await operation.close().catch(() => undefined);
        expect(messages[0]).to.include("[CAST_INVALID_INPUT] The value 'x'");
        expect(messages[1]).to.equal(messages[0]);
        expect(last()).to.include({ outcome: 'failed', sqlState: '22018' });
      });

      it('goes on with the next statement of the session', async () => {
        expect(await it_.rows('SELECT 1 AS one')).to.have.length(1);
      });
    });
  }
}
