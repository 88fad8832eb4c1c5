import { DBSQLClient as NewestClient } from '@databricks/sql';
import { startLocalWorkspace, type LocalWorkspace, type LocalWorkspaceOptions } from '../lib';

type Client = InstanceType<typeof NewestClient>;
export type Session = Awaited<ReturnType<Client['openSession']>>;
export type StatementOptions = NonNullable<Parameters<Session['executeStatement']>[1]>;

const OldestClient = (require('@databricks/sql-1.12.0') as { DBSQLClient: typeof NewestClient }).DBSQLClient;

/** The LZ4 module of the oldest driver is compiled at installation, which newer versions of Node do not allow. */
const oldestHasLz4 = Boolean((require('@databricks/sql-1.12.0/dist/utils/lz4') as { default: unknown }).default);

/** The official driver, newest and oldest supported, and whether it can decode LZ4 here. */
export const DRIVERS: readonly { name: string; Client: typeof NewestClient; lz4: boolean }[] = [
  { name: '2.1.0', Client: NewestClient, lz4: true },
  { name: '1.12.0', Client: OldestClient, lz4: oldestHasLz4 },
];

export const quietLogger = { log: (): void => undefined };

export interface Harness {
  workspace: LocalWorkspace;
  client: Client;
  session: Session;
  /** Runs a statement and returns its rows. */
  rows(sql: string, options?: StatementOptions): Promise<Record<string, unknown>[]>;
  /** The message and SQLSTATE of the error that a statement ends with. Throws when it succeeds. */
  failure(sql: string, options?: StatementOptions): Promise<{ message: string; sqlState: string | undefined }>;
  close(): Promise<void>;
}

export interface HarnessOptions extends LocalWorkspaceOptions {
  Client?: typeof NewestClient;
  /** Fields of the driver's configuration. */
  config?: Record<string, unknown>;
}

export async function connect(
  workspace: LocalWorkspace,
  Client: typeof NewestClient = NewestClient,
  config: Record<string, unknown> = {},
): Promise<Client> {
  const client = new Client({ logger: quietLogger });
  Object.assign(client.getConfig(), config);
  await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
  return client;
}

/** A workspace with one client and one session. */
export async function harness({ Client, config, ...options }: HarnessOptions = {}): Promise<Harness> {
  const workspace = await startLocalWorkspace(options);
  const client = await connect(workspace, Client, config);
  const session = await client.openSession();
  const rows: Harness['rows'] = async (sql, statementOptions) => {
    const operation = await session.executeStatement(sql, statementOptions);
    const result = await operation.fetchAll();
    await operation.close();
    return result as Record<string, unknown>[];
  };
  return {
    workspace,
    client,
    session,
    rows,
    failure: async (sql, statementOptions) => {
      try {
        await rows(sql, statementOptions);
      } catch (error) {
        return describeFailure(error);
      }
      throw new Error(`Expected to fail: ${sql}`);
    },
    close: async () => {
      await session.close().catch(() => undefined);
      await client.close().catch(() => undefined);
      await workspace.close();
    },
  };
}

function describeFailure(error: unknown): { message: string; sqlState: string | undefined } {
  const { message, response } = error as { message: string; response?: { sqlState?: string } };
  return { message, sqlState: response?.sqlState };
}
