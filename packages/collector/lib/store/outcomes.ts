/** Outcomes that count as failed: the statement did not give what it was asked for, and nobody wanted that. */
export const FAILED = ['failed', 'timed_out', 'cancelled_by_server', 'connection_lost'] as const;

export const failedCondition = `outcome IN (${FAILED.map((outcome) => `'${outcome}'`).join(', ')})`;
