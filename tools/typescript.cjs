/*
 * Runs the TypeScript sources of this repository: tests, and the processes and threads that they start.
 *
 *   node -r ./tools/typescript.cjs file.ts
 *
 * Published loaders take two thirds of a second of processor time more for each start, of which the tests have hundreds:
 * they read compiler options through the TypeScript compiler, or compile a file again that has not changed.
 */
'use strict';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const ROOT = path.dirname(__dirname);
const COMPILED = path.join(ROOT, 'node_modules', '.cache', 'typescript');

const { version } = require('@swc/core/package.json');
const { compilerOptions } = require('../tsconfig.json');

const OPTIONS = {
  swcrc: false,
  isModule: true,
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript' },
    transform: { useDefineForClassFields: false },
    keepClassNames: true,
    baseUrl: ROOT,
    paths: compilerOptions.paths,
  },
};
const COMPILER = JSON.stringify([version, OPTIONS]);

function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha1').update(COMPILER).update(filename).update('\0').update(source).digest('hex');
  const file = path.join(COMPILED, `${name}.js`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, { ...OPTIONS, filename });
    keep(file, code);
    return code;
  }
}

/** Another process may read it at any moment, and this one may be unable to write. */
function keep(file, code) {
  const part = `${file}.${process.pid}.${performance.now()}`;
  try {
    mkdirSync(COMPILED, { recursive: true });
    writeFileSync(part, code);
    renameSync(part, file);
  } catch {
    // It is compiled again by the next one.
  }
}

process.setSourceMapsEnabled(true);
Module._extensions['.ts'] = (module, filename) => module._compile(compiled(filename), filename);
