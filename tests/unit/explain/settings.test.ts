import { expect } from 'chai';
import { checkName } from '../../../lib/explain/doctor/network';
import { settingsOf } from '../../../lib/explain/doctor/settings';

const ENV = { DATABRICKS_HTTP_PATH: '/sql/1.0/warehouses/abc', DATABRICKS_TOKEN: 'dapi-secret' };

describe('settings of the command line', () => {
  const WRITTEN: ReadonlyArray<readonly [host: string, port: string | undefined, hostname: string, number: number]> = [
    ['name.cloud.databricks.com', undefined, 'name.cloud.databricks.com', 443],
    ['https://Name.cloud.databricks.com/?o=123#tab', undefined, 'name.cloud.databricks.com', 443],
    ['name.test:8443', undefined, 'name.test', 8443],
    ['name.test:8443', '9443', 'name.test', 9443],
    [' name.test. ', undefined, 'name.test', 443],
    ['[::1]:8443', undefined, '[::1]', 8443],
  ];
  for (const [host, port, hostname, number] of WRITTEN) {
    it(`take ${JSON.stringify(host)}${port === undefined ? '' : ` and port ${port}`} as it is meant`, () => {
      const { settings } = settingsOf({ host, port }, ENV);
      expect(settings).to.include({ host: hostname, port: number });
    });
  }

  const WRONG: ReadonlyArray<readonly [flags: object, says: RegExp]> = [
    [{ host: 'two words' }, /^The host is not the name of a host\.$/],
    [{ host: 'user@name.test' }, /^The host is not the name of a host\.$/],
    [{ host: 'https://' }, /^The host is not the name of a host\.$/],
    [{ host: 'name.test', port: '0x50000' }, /^The port is no port number\.$/],
    [{ host: 'name.test', port: 'https' }, /^The port is no port number\.$/],
    [{ host: 'name.test', token: 'dapi-secret\n' }, /^The token holds a space, a line break or another character/],
    [{ host: 'name.test', token: '“dapi-secret”' }, /^The token holds a space, a line break or another character/],
  ];
  for (const [flags, says] of WRONG) {
    it(`tell what is wrong with ${JSON.stringify(flags)}, and show no token`, () => {
      const { settings, finding } = settingsOf(flags, ENV);
      expect(settings).to.equal(undefined);
      expect(finding.state).to.equal('broken');
      expect(finding.says).to.match(says);
      expect(JSON.stringify(finding)).to.not.include('secret');
    });
  }

  it('lead to an address where the host is one', async () => {
    expect(await checkName('[::1]')).to.include({ state: 'ok', says: '[::1] is ::1' });
    expect(await checkName('127.0.0.1')).to.include({ state: 'ok' });
  });
});
