import type { ClientConfig, IAuthentication, IClientContext } from '../../../lib/contracts/IClientContext';
import type { TelemetryOptions } from '../../../lib/model/options';

/** A client that answers with what it is given and remembers what was logged. */
export class ClientContextStub implements IClientContext {
  readonly lines: string[] = [];
  authProvider: IAuthentication | undefined;
  agent: (() => Promise<undefined>) | undefined;

  constructor(private readonly options: TelemetryOptions & { customHeaders?: Record<string, string> } = {}) {}

  getConfig(): ClientConfig {
    return { telemetryEnabled: true, ...this.options } as ClientConfig;
  }

  getLogger(): ReturnType<IClientContext['getLogger']> {
    return { log: (level, message) => void this.lines.push(`${level} ${message}`) };
  }

  async getConnectionProvider(): ReturnType<IClientContext['getConnectionProvider']> {
    const { agent } = this;
    if (agent === undefined) throw Object.assign(new Error('not connected'), { code: 'NOT_CONNECTED' });
    return { getAgent: agent } as unknown as Awaited<ReturnType<IClientContext['getConnectionProvider']>>;
  }

  getAuthProvider(): IAuthentication | undefined {
    return this.authProvider;
  }
}
