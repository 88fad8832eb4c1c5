import os from 'node:os';
import { expect } from 'chai';
import { driverUserAgent, driverVersion, libraryVersion } from '../../../../lib/observe/connection/driverPackage';
import buildUserAgentString from '@databricks/sql/dist/utils/buildUserAgentString';

describe('the driver package', () => {
  it('gives the version of the installed driver', () => {
    expect(driverVersion).to.equal((require('@databricks/sql/package.json') as { version: string }).version);
  });

  it('gives the version of this library', () => {
    expect(libraryVersion).to.equal((require('../../../../package.json') as { version: string }).version);
  });

  it('gives the User-Agent that the queries carry', () => {
    expect(driverUserAgent('app/1.0')).to.equal(buildUserAgentString('app/1.0'));
    expect(driverUserAgent(undefined)).to.equal(buildUserAgentString());
  });

  it('writes the same form where the driver no longer has its builder', () => {
    const builder = require.resolve('@databricks/sql/dist/utils/buildUserAgentString');
    const own = require.resolve('../../../../lib/observe/connection/driverPackage');
    const [loadedBuilder, loadedOwn] = [require.cache[builder], require.cache[own]];
    try {
      require.cache[builder] = { exports: {} } as NodeJS.Module;
      delete require.cache[own];
      const { driverUserAgent: rebuilt } = require(own) as { driverUserAgent: typeof driverUserAgent };
      const system = `Node.js ${process.versions.node}; ${os.type()} ${os.release()}`;
      expect(rebuilt('app/1.0')).to.equal(`NodejsDatabricksSqlConnector/${driverVersion} (app/1.0; ${system})`);
      expect(rebuilt(undefined)).to.equal(`NodejsDatabricksSqlConnector/${driverVersion} (${system})`);
    } finally {
      require.cache[builder] = loadedBuilder;
      require.cache[own] = loadedOwn;
    }
  });
});
