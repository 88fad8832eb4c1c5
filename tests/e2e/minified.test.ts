import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { build } from 'esbuild';
import { run } from './process/run';
import { startFreshWorkspace } from './support/workspace';

const ROOT = path.resolve(__dirname, '../..');
const APPLICATION = path.join(__dirname, 'process/fixtures/failing.ts');
/** What the driver loads only where it is installed, or cannot be bundled. */
const NATIVE = ['lz4-napi', '@databricks/databricks-sql-kernel-*'];

describe('errors of an application in a minified bundle', function () {
  this.timeout(240_000);
  let workspace: LocalWorkspace;
  let folder: string;
  before(async () => {
    workspace = await startFreshWorkspace();
    // Within the repository: what stays outside the bundle is found from there.
    folder = mkdtempSync(path.join(ROOT, '.minified-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await workspace.close();
  });

  async function namesIn(script: string): Promise<unknown> {
    const { line, noise } = await run(workspace, '', () => undefined, script).then((report) => ({
      line: report.line('names'),
      noise: report.noise,
    }));
    expect(line, noise).to.not.equal(undefined);
    return line?.detail;
  }

  it('have the names, codes and classes that they have in its sources', async () => {
    const names = await namesIn(APPLICATION);
    expect(names).to.deep.equal([
      'fetch OperationStateError ERROR 42P01 TABLE_OR_VIEW_NOT_FOUND',
      'fetch OperationStateError CANCELED  ',
      'execute ParameterError   ',
      'volume StagingError   ',
      'open_session NamedError',
      'open_session TypeError',
      'open_session AbortError',
    ]);
    for (const [what, external] of [
      ['all of it', NATIVE],
      ['the driver left out', [...NATIVE, '@databricks/sql']],
    ] as const) {
      const outfile = path.join(folder, `${what.replaceAll(' ', '-')}.js`);
      await build({
        entryPoints: [APPLICATION],
        outfile,
        bundle: true,
        minify: true,
        platform: 'node',
        external: [...external],
        logLevel: 'error',
      });
      expect(await namesIn(outfile), what).to.deep.equal(names);
    }
  });
});
