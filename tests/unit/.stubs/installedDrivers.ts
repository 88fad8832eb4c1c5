import { readdirSync } from 'node:fs';
import path from 'node:path';

type Class = { readonly prototype: object } & (new (...args: unknown[]) => object);

/** One installed version of the driver, with the classes that the seams know. */
export interface InstalledDriver {
  readonly version: string;
  readonly Client: Class;
  readonly Session: Class;
  readonly Operation: Class;
  readonly HiveDriver: Class;
  readonly Connection: Class;
  readonly ThriftConnection: Class;
}

const scope = path.resolve(__dirname, '../../../node_modules/@databricks');

function load(folder: string): InstalledDriver {
  const at = (file: string): string => path.join(scope, folder, file);
  const classOf = (file: string): Class => (require(at(`dist/${file}`)) as { default: Class }).default;
  return {
    version: (require(at('package.json')) as { version: string }).version,
    Client: classOf('DBSQLClient'),
    Session: classOf('DBSQLSession'),
    Operation: classOf('DBSQLOperation'),
    HiveDriver: classOf('hive/HiveDriver'),
    Connection: classOf('connection/connections/HttpConnection'),
    ThriftConnection: classOf('connection/connections/ThriftHttpConnection'),
  };
}

/** Every version of the driver that this repository installs. */
export const INSTALLED_DRIVERS = readdirSync(scope)
  .filter((name) => name === 'sql' || name.startsWith('sql-'))
  .map(load);
