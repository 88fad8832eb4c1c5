'use strict';
/* The rules behind use-driver.cjs: which package stands for a driver version, and whose requests go there. */
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

const DRIVER = '@databricks/sql';
const root = path.resolve(__dirname, '..');
const scope = path.join(root, 'node_modules', '@databricks');

const versionOf = (folder) => JSON.parse(readFileSync(path.join(scope, folder, 'package.json'), 'utf8')).version;

/** The installed package that holds driver `version`; throws a message that lists the versions there are. */
function packageFor(version) {
  const folders = readdirSync(scope).filter((name) => name === 'sql' || name.startsWith('sql-'));
  const drivers = new Map(folders.map((folder) => [versionOf(folder), `@databricks/${folder}`]));
  const name = drivers.get(version);
  if (name) return name;
  const installed = [...drivers.keys()].sort().join(', ');
  throw new Error(`DATABRICKS_SQL_DRIVER=${version}: this driver is not installed. Installed: ${installed}`);
}

/** Whether `file` is code of this repository that runs on the chosen driver. */
function followsChoice(file) {
  const parts = path.relative(root, file).split(path.sep);
  const outside = parts[0] === '..' || path.isAbsolute(parts[0]);
  const localWorkspace = parts[0] === 'packages' && parts[1] === 'local-workspace';
  return !outside && !parts.includes('node_modules') && !localWorkspace;
}

/** What the module `parent` (a path or file URL) gets when it asks for `request`. */
function redirect(request, parent, target) {
  if (request !== DRIVER && !request.startsWith(`${DRIVER}/`)) return request;
  const file = parent?.startsWith('file:') ? fileURLToPath(parent) : parent;
  return file && followsChoice(file) ? target + request.slice(DRIVER.length) : request;
}

module.exports = { packageFor, redirect };
