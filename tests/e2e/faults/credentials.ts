import type { Fault } from './faults';

/** Credentials that are there for the queries and fail afterwards. */
class LateTrouble {
  private isOver = false;

  constructor(private readonly trouble: () => Promise<never>) {}

  readonly fault = (name: string, rest: Omit<Fault, 'name' | 'arrives'>): Fault => ({
    name: `credentials ${name}`,
    arrives: 'any',
    options: ({ workspace }) => {
      this.isOver = false;
      const authenticate = async (): Promise<Record<string, string>> =>
        this.isOver ? this.trouble() : { Authorization: `Bearer ${workspace.token}` };
      return {
        token: undefined,
        authType: 'custom',
        provider: { authenticate },
        telemetryFlushIntervalMs: 60_000,
      } as object;
    },
    meanwhile: () => void (this.isOver = true),
    ...rest,
  });
}

export const CREDENTIALS: readonly Fault[] = [
  {
    name: 'credentials revoked',
    options: () => ({ telemetryFlushIntervalMs: 60_000 }),
    meanwhile: ({ workspace }) => workspace.revokeToken(workspace.token),
    arrives: 'any',
    counted: ['rejected'],
  },
  new LateTrouble(async () => {
    throw new Error('no');
  }).fault('fail', { counted: ['no_credentials'] }),
  new LateTrouble(() => new Promise(() => undefined)).fault('hang', { counted: ['close_timeout'] }),
];
