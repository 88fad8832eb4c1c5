import type { Route } from '../http/exchange';
import { errorReply, jsonReply } from '../http/reply';

export const TELEMETRY_FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

/** The live value of the telemetry flag; undefined leaves it out of the answer. */
export interface FlagState {
  value: boolean | string | undefined;
  ttlSeconds: number;
}

export function featureFlagRoute(state: FlagState): Route {
  return async ({ request }) => {
    if (request.method !== 'GET') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only GET is supported');
    const flags = state.value === undefined ? [] : [{ name: TELEMETRY_FLAG, value: String(state.value) }];
    return jsonReply(200, { flags, ttl_seconds: state.ttlSeconds });
  };
}
