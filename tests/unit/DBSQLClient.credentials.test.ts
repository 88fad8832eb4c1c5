import { DBSQLClient as DriverClient } from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import type { ConnectionOptions } from '../../lib/contracts/clientOptions';
import type { DBSQLClient } from '../../lib/DBSQLClient';
import type { IAuthentication } from '../../lib/contracts/IClientContext';
import { TelemetryClientProvider } from '../../lib/telemetry/TelemetryClientProvider';
import type { RecordOrigin } from '../../lib/telemetry/types';
import { until } from '../e2e/support/waiting';
import { ENABLED, providerOf, useClients } from './.stubs/madeClients';

describe('DBSQLClient: credentials', () => {
  const create = useClients();

  /** With what the connection's records leave. */
  async function originOf(client: DBSQLClient, connect: () => Promise<unknown>): Promise<RecordOrigin | undefined> {
    const acquire = sinon.spy(TelemetryClientProvider.prototype, 'acquire');
    await connect();
    client.getTelemetryStats();
    if (acquire.callCount === 0) await until('the host is joined', () => acquire.callCount > 0);
    return acquire.firstCall.args[1];
  }

  describe('sends telemetry with', () => {
    const OTHER: IAuthentication = { authenticate: async () => ({ Authorization: 'Bearer other' }) };

    it('the credentials of the connection', async () => {
      const client = create();
      const origin = await originOf(client, () => client.connect(ENABLED));
      expect(await origin?.authenticate()).to.deep.equal({ Authorization: 'Bearer secret' });
    });

    it('the agent of the connection', async () => {
      const client = create();
      const origin = await originOf(client, () => client.connect(ENABLED));
      expect(await origin?.getAgent()).to.equal(await (await providerOf(client)).getAgent());
    });

    describe('of an old driver, which does not show its authentication provider,', () => {
      const prototype = DriverClient.prototype as { getAuthProvider?: unknown };
      const shown = Object.getOwnPropertyDescriptor(prototype, 'getAuthProvider');

      beforeEach(() => {
        Object.defineProperty(prototype, 'getAuthProvider', { value: undefined, configurable: true });
      });

      afterEach(() => {
        delete prototype.getAuthProvider;
        if (shown !== undefined) Object.defineProperty(prototype, 'getAuthProvider', shown);
      });

      const cases: readonly [string, object, IAuthentication | undefined, string][] = [
        ['the token', {}, undefined, 'Bearer secret'],
        ['the token of an access-token connection', { authType: 'access-token' }, undefined, 'Bearer secret'],
        ['the provider of a custom connection', { authType: 'custom', provider: OTHER }, undefined, 'Bearer other'],
        ['the provider that connect() was given', {}, OTHER, 'Bearer other'],
      ];
      for (const [what, options, given, expected] of cases) {
        it(what, async () => {
          const client = create();
          const all = { ...ENABLED, ...options } as ConnectionOptions;
          const origin = await originOf(client, async () => {
            await client.connect(all, given);
            (await client.getConnectionProvider()).setHeaders({});
          });
          expect(await origin?.authenticate()).to.deep.equal({ Authorization: expected });
        });
      }

      it('the headers of the newest request where only the driver knows more', async () => {
        const client = create();
        const origin = await originOf(client, async () => {
          await client.connect({ ...ENABLED, authType: 'databricks-oauth' } as ConnectionOptions);
          (await client.getConnectionProvider()).setHeaders({ Authorization: 'Bearer issued' });
        });
        expect(await origin?.authenticate()).to.deep.equal({ Authorization: 'Bearer issued' });
      });
    });
  });
});
