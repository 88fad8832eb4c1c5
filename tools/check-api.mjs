// The public surface of the library, as its users' compilers see it, is in the reports in etc/, one for each entry. A change
// of it shows in review.
// Usage: npm run check:api, or npm run api to write the reports anew.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = path.resolve(import.meta.dirname, '..');
const REPORTS = {
  'databricks-sql-telemetry.api.md': 'index.d.ts',
  'opentelemetry.api.md': 'opentelemetry/index.d.ts',
};
// Inside the repository, so that the declarations find the driver's.
const work = mkdtempSync(path.join(root, '.check-api-'));
const quiet = { default: { logLevel: 'none' } };

function run(program, ...args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  return status === 0;
}

function emitDeclarations() {
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  const once = ['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'];
  const output = ['--emitDeclarationOnly', '--declarationDir', path.join(work, 'declarations')];
  return run(tsc, '-p', 'tsconfig.build.json', ...output, ...once);
}

/** Writes a report of the current sources and returns its path. */
function writeReport(name, declarations) {
  const configObject = {
    projectFolder: root,
    newlineKind: 'lf',
    mainEntryPointFilePath: path.join(work, 'declarations', declarations),
    compiler: { tsconfigFilePath: path.join(root, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: work,
      reportTempFolder: path.join(work, 'temporary'),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    messages: { extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
  };
  const packageJsonFullPath = path.join(root, 'package.json');
  const extractorConfig = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath,
  });
  const messageCallback = (message) => (message.handled = message.logLevel !== 'error');
  Extractor.invoke(extractorConfig, { localBuild: true, messageCallback });
  return path.join(work, name);
}

/** Compares a report with the one that is kept, or takes its place. */
function settle(name, report) {
  const kept = path.join(root, 'etc', name);
  if (process.argv.includes('--update')) {
    mkdirSync(path.dirname(kept), { recursive: true });
    writeFileSync(kept, readFileSync(report));
  } else if (!run('git', '--no-pager', 'diff', '--no-index', '--', path.relative(root, kept), report)) {
    console.error('The public API has changed. If that is meant: npm run api');
    process.exitCode = 1;
  }
}

try {
  if (!emitDeclarations()) process.exitCode = 1;
  else for (const [name, declarations] of Object.entries(REPORTS)) settle(name, writeReport(name, declarations));
} finally {
  rmSync(work, { recursive: true, force: true });
}
