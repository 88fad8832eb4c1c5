import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import ts from 'typescript';
import * as library from '../../lib/index';
import { TELEMETRY_OPTION_NAMES } from '../../lib/model/options';
import { GENERATED, regenerated } from '../../tools/docs/document';
import { fieldsAsJson } from '../../tools/docs/fieldList';
import { sectionsOf } from '../../tools/docs/markers';
import { captureExamples } from '../../tools/docs/records';
import { renewedTraceFigure } from '../../tools/docs/traceFigure';
import { asModule, snippetsOf, type Snippet } from '../../tools/docs/snippets';

const root = path.resolve(__dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'docs/TELEMETRY.md',
  'docs/OBSERVABILITY.md',
  'docs/PRIVACY.md',
  'docs/TROUBLESHOOTING.md',
  'docs/EXPORTERS.md',
] as const;

/** Documents whose code is compiled and not run. */
const COMPILED = ['packages/collector/README.md', 'packages/local-workspace/README.md'] as const;

type Surroundings = Record<'host' | 'path' | 'token' | 'client' | 'session' | 'workspace' | 'log' | 'console', unknown>;

async function textOf(document: string): Promise<string> {
  return readFile(path.join(root, document), 'utf8');
}

/** What TypeScript says of the files at `names`, whose imports are those of a user. */
function problemsIn(names: readonly string[]): string[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const program = ts.createProgram([...names], { ...options, noUnusedLocals: false, noUnusedParameters: false });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file !== undefined && names.includes(file.fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the documents', function () {
  // What they run has to be delivered within the two seconds of a close.
  this.retries(1);
  it('have the tables of the code and the records of a run: npm run docs changes nothing', async function () {
    this.timeout(60_000);
    const examples = await captureExamples();
    for (const [document, sections] of Object.entries(GENERATED)) {
      const text = await textOf(document);
      expect(sectionsOf(text), document).to.have.members([...sections]);
      expect(await regenerated(text, path.join(root, document), examples), document).to.equal(text);
    }
    const list = 'docs/fields.json';
    expect(await fieldsAsJson(path.join(root, list)), list).to.equal(await textOf(list));
  });

  it('have a picture of a trace with the spans that a run has', async function () {
    this.timeout(60_000);
    const figure = await textOf('docs/trace.svg');
    expect(await renewedTraceFigure(figure)).to.equal(figure);
    expect(figure).to.contain('1 CLIENT main|default');
  });

  for (const document of DOCUMENTS) {
    it(`${document} names only options, events and exports that exist`, async () => {
      const text = await textOf(document);
      const options = new Set(text.match(/\btelemetry[A-Z]\w+/g));
      for (const member of ['telemetryEvents', 'telemetryExporters']) options.delete(member);
      expect([...options].filter((name) => !TELEMETRY_OPTION_NAMES.includes(name as never))).to.deep.equal([]);
      const methods = new Set([...text.matchAll(/(?<!\.)\bclient\.(\w+)/g)].map(([, name]) => name ?? ''));
      for (const name of methods) expect(name in library.DBSQLClient.prototype, `client.${name}`).to.equal(true);
    });
  }
});

describe('the table of drop reasons', () => {
  it('has every reason there is', async () => {
    const [, table = ''] = (await textOf('docs/TROUBLESHOOTING.md')).split('| dropped as');
    const [rows = ''] = table.split('\n\n');
    const exporter = { export: async () => undefined, close: async () => undefined };
    const { dropped } = new library.MetricsAggregator({ getConfig: () => ({}) } as never, exporter).getStats();
    expect([...rows.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).to.have.members(Object.keys(dropped));
  });
});

describe('snippets of the documents', function () {
  // What they run has to be delivered within the two seconds of a close.
  this.retries(1);
  let workspace: LocalWorkspace;
  let folder: string;
  let snippets: Snippet[];
  const files = new Map<Snippet, string>();

  before(async () => {
    workspace = await startLocalWorkspace();
    folder = await mkdtemp(path.join(__dirname, '.snippets-'));
    const documents = [...DOCUMENTS, ...COMPILED];
    snippets = (await Promise.all(documents.map(async (name) => snippetsOf(name, await textOf(name))))).flat();
    for (const [index, snippet] of snippets.entries()) {
      const file = path.join(folder, `snippet${index}.ts`);
      files.set(snippet, file);
      await writeFile(file, asModule(snippet, 'databricks-sql-telemetry'));
    }
  });

  after(async () => {
    await rm(folder, { recursive: true });
    await workspace.close();
  });

  it('compile against the library', function () {
    this.timeout(240_000);
    for (const document of COMPILED) expect(snippets.map((snippet) => snippet.document)).to.include(document);
    expect(snippets.length).to.be.greaterThan(4);
    expect(problemsIn([...files.values()])).to.deep.equal([]);
  });

  it('run against a workspace and leave telemetry there', async function () {
    this.timeout(60_000);
    const { connectionOptions } = workspace;
    const quiet = { log: (): void => undefined };
    class LocalClient extends library.DBSQLClient {
      constructor(options?: ConstructorParameters<typeof library.DBSQLClient>[0]) {
        super({ logger: quiet, ...options });
      }

      override async connect(
        ...[options, provider]: Parameters<library.DBSQLClient['connect']>
      ): ReturnType<library.DBSQLClient['connect']> {
        return super.connect({ ...options, ...connectionOptions } as typeof options, provider);
      }
    }
    const localLibrary = path.join(folder, 'library.ts');
    await writeFile(localLibrary, 'module.exports = (globalThis as any).libraryOfSnippets;\n');
    Object.assign(globalThis, { libraryOfSnippets: { ...library, DBSQLClient: LocalClient } });
    const toRun = snippets.filter(({ isRun }) => isRun);
    expect(toRun.length).to.be.greaterThan(3);
    for (const snippet of toRun) {
      const file = (files.get(snippet) ?? '').replace(/\.ts$/, '.local.ts');
      await writeFile(file, asModule(snippet, './library'));
      const { run } = require(file) as { run(surroundings: Surroundings): Promise<void> };
      workspace.received.clear();
      const client = new LocalClient();
      await client.connect({ ...connectionOptions, telemetryEnabled: true });
      await run({
        ...connectionOptions,
        client,
        session: await client.openSession(),
        workspace,
        log: {},
        console: quiet,
      });
      await client.close();
      const where = `${snippet.document}:${snippet.line}`;
      expect(workspace.received.telemetryLogs().length, where).to.be.greaterThan(0);
    }
  });
});
