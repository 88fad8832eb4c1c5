/*
 * Runs TypeScript sources of this repository in a process or thread that a test starts:
 *
 *   node -r ./tools/typescript.cjs file.ts
 *
 * It is as @swc-node/register, by which mocha loads the tests, with two thirds of a second of processor time less for each
 * start: it reads no compiler options through the TypeScript compiler, and compiles a file that it has seen before no more.
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
