import { expect } from 'chai';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { connect, type Session } from './drivers';

const nested = (depth: number, inner: string, outer: (sql: string) => string): string =>
  Array.from({ length: depth }).reduce<string>(outer, inner);

/** Functions whose arguments stand in several places of what the database reads. */
const GROWING: readonly [name: string, depth: number, inner: string, outer: (sql: string) => string][] = [
  ['levenshtein', 14, "'b'", (sql) => `levenshtein(CAST(${sql} AS STRING), 'a')`],
  ['substr', 12, "'abc'", (sql) => `substr(${sql}, 1)`],
  ['sequence', 12, '3', (sql) => `size(sequence(1, ${sql}))`],
  ['left', 30, "'abc'", (sql) => `left(${sql}, 1)`],
];

describe('statements that are nested deeply', function () {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let session: Session;
  let client: Awaited<ReturnType<typeof connect>>;

  before(async () => {
    workspace = await startLocalWorkspace();
    client = await connect(workspace);
    session = await client.openSession();
  });
  after(async () => {
    await client.close();
    await workspace.close();
  });

  const failure = async (sql: string): Promise<string> => {
    const operation = await session.executeStatement(sql);
    return operation.fetchAll().then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );
  };

  for (const [name, depth, inner, outer] of GROWING) {
    it(`answers ${name}() twice in itself, and refuses it by name where the database would read megabytes`, async () => {
      expect(await failure(`SELECT ${nested(2, inner, outer)}`)).to.equal('none');
      expect(await failure(`SELECT ${nested(depth, inner, outer)}`))
        .to.contain('nested as deeply')
        .and.contain('0A000');
    });
  }
});
