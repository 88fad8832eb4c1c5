'use strict';
/*
 * Runs this repository's code on another installed version of the driver:
 *
 *   DATABRICKS_SQL_DRIVER=1.12.0 node -r ./tools/use-driver.cjs app.js
 *
 * Every `require` or `import` of `@databricks/sql` (or a file in it) that our code makes gets the package installed under
 * the alias `@databricks/sql-<version>`. Left alone: requests from inside node_modules, and from
 * packages/local-workspace, which needs the Thrift types of its own 2.x driver. Child processes inherit the choice.
 * Without the variable this file does nothing; an unknown version throws.
 */
const Module = require('node:module');
const { packageFor, redirect } = require('./driver-choice.cjs');

function redirectRequire(target) {
  const original = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    return original.call(this, redirect(request, parent?.filename, target), parent, ...rest);
  };
}

/** Node resolves the imports of ES modules on a thread of its own; it gets the same rule as a small module. */
function redirectImport(target) {
  const hook = `
    import { createRequire } from 'node:module';
    const { redirect } = createRequire(${JSON.stringify(__filename)})('./driver-choice.cjs');
    const target = ${JSON.stringify(target)};
    export const resolve = (request, context, next) => next(redirect(request, context.parentURL, target), context);`;
  Module.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

function passToChildren() {
  const preload = `--require ${JSON.stringify(__filename)}`;
  const options = process.env.NODE_OPTIONS ?? '';
  if (!options.includes(preload)) process.env.NODE_OPTIONS = `${options} ${preload}`.trim();
}

const version = process.env.DATABRICKS_SQL_DRIVER;
if (version) {
  const target = packageFor(version);
  redirectRequire(target);
  redirectImport(target);
  passToChildren();
}
