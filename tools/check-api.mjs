// The public surface of the library, as its users' compilers see it, is the report in etc/. A change of it shows in review.
// Usage: npm run check:api, or npm run api to write the report anew.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = path.resolve(import.meta.dirname, '..');
const name = 'databricks-sql-telemetry.api.md';
const kept = path.join(root, 'etc', name);
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

/** Writes the report of the current sources and returns its path. */
function writeReport() {
  const configObject = {
    projectFolder: root,
    newlineKind: 'lf',
    mainEntryPointFilePath: path.join(work, 'declarations/index.d.ts'),
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

try {
  if (!emitDeclarations()) process.exitCode = 1;
  else {
    const report = writeReport();
    if (process.argv.includes('--update')) {
      mkdirSync(path.dirname(kept), { recursive: true });
      writeFileSync(kept, readFileSync(report));
    } else if (!run('git', '--no-pager', 'diff', '--no-index', '--', path.relative(root, kept), report)) {
      console.error('The public API has changed. If that is meant: npm run api');
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
