import { expect } from 'chai';
import { startLocalWorkspace } from '../lib';
import { connect, type Session } from './drivers';

/** What takes long to be read and fails as soon as it is: nothing else of it takes long. */
const LONG_TO_READ: Readonly<Record<string, string>> = {
  'of 300 KB': `VALUES ${Array.from({ length: 12_000 }, (_row, i) => `(${i}, 'text number ${i}')`).join(', ')}, (`,
  'with 3,000 brackets in each other': `SELECT ${'('.repeat(3000)}1${')'.repeat(3000)} AS x`,
};

describe('a statement that takes long to be read', function () {
  this.timeout(120_000);

  for (const [which, sql] of Object.entries(LONG_TO_READ)) {
    it(`stops no other tenant: one ${which}, and SELECT 1 is answered again and again meanwhile`, async () => {
      const workspace = await startLocalWorkspace({ tokens: ['red-token', 'blue-token'] });
      const open = async (token: string): Promise<Session> => {
        const client = await connect({ ...workspace, connectionOptions: { ...workspace.connectionOptions, token } });
        return client.openSession();
      };
      try {
        const [red, blue] = [await open('red-token'), await open('blue-token')];
        const one = async (): Promise<unknown> => (await blue.executeStatement('SELECT 1')).fetchAll();
        await one();
        let isPending = true;
        const reading = red
          .executeStatement(sql)
          .then((operation) => operation.fetchAll())
          .catch((error: unknown) => String(error))
          .finally(() => {
            isPending = false;
          });
        let answered = 0;
        while (isPending) {
          await one();
          answered += 1;
        }
        expect(await reading).to.contain('42601');
        // Beside the reading, in its thread and the start of that: dozens. In turns with it: one before and one after.
        expect(answered, 'statements that were answered meanwhile').to.be.greaterThan(5);
      } finally {
        await workspace.close();
      }
    });
  }
});
