import type IDriverSession from '@databricks/sql/dist/contracts/IDBSQLSession';

/**
 * What a call may say beside the driver's own options: `telemetryEnabled: false` keeps it from Databricks,
 * `telemetryObserve: false` from everybody.
 */
export interface CallOptions {
  readonly telemetryEnabled?: boolean;
  readonly telemetryObserve?: boolean;
}

type WithCallOptions<Arguments extends readonly unknown[]> = {
  [Index in keyof Arguments]: Arguments[Index] extends object | undefined
    ? (NonNullable<Arguments[Index]> & CallOptions) | Extract<Arguments[Index], undefined>
    : Arguments[Index];
};

/** The driver's session, whose every call also takes `CallOptions`. */
export type IDBSQLSession = {
  readonly [Name in keyof IDriverSession]: IDriverSession[Name] extends (...args: infer Arguments) => infer Result
    ? (...args: WithCallOptions<Arguments>) => Result
    : IDriverSession[Name];
};
