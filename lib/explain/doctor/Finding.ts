/** What the doctor says of one thing: it works, somebody decided otherwise, it is broken, or it could not be looked at. */
export interface Finding {
  readonly check: CheckName;
  readonly state: 'ok' | 'off' | 'broken' | 'skipped';
  readonly says: string;
  /** What can be done about it. */
  readonly advice?: string;
}

export type CheckName =
  | 'settings'
  | 'Node.js'
  | 'driver'
  | 'environment'
  | 'options'
  | 'proxy'
  | 'DNS'
  | 'TLS'
  | 'query'
  | 'feature flag'
  | 'telemetry';

export function ok(check: CheckName, says: string, advice?: string): Finding {
  return { check, state: 'ok', says, ...(advice === undefined ? {} : { advice }) };
}

export function broken(check: CheckName, says: string, advice: string): Finding {
  return { check, state: 'broken', says, advice };
}

export function off(check: CheckName, says: string, advice: string): Finding {
  return { check, state: 'off', says, advice };
}

export function skipped(check: CheckName, says: string): Finding {
  return { check, state: 'skipped', says };
}
