import type { Route } from '../http/exchange';
import { errorReply, jsonReply } from '../http/reply';

const PREFIX = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetry';

/** The telemetry flag of the driver for Node.js. */
export const TELEMETRY_FLAG = `${PREFIX}ForNodeJs`;

/** Each driver asks under a client name of its own and knows one flag. */
const FLAG_OF_CLIENT: Readonly<Record<string, string>> = {
  NODEJS: TELEMETRY_FLAG,
  PYTHON: `${PREFIX}ForPythonDriver`,
  OSS_JDBC: `${PREFIX}ForJdbc`,
  GOLANG: `${PREFIX}ForGoDriver`,
};

/** The live value of the telemetry flag; undefined leaves it out of the answer. */
export interface FlagState {
  value: boolean | string | undefined;
  ttlSeconds: number;
}

/** `GET …/feature-flags/<client>/<version>`: the telemetry flag under the name that this client knows. */
export function featureFlagRoute(state: FlagState): Route {
  return async ({ request }) => {
    if (request.method !== 'GET') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only GET is supported');
    const client = request.path.split('/').at(-2) ?? '';
    const name = Object.hasOwn(FLAG_OF_CLIENT, client) ? FLAG_OF_CLIENT[client] : TELEMETRY_FLAG;
    const flags = state.value === undefined ? [] : [{ name, value: String(state.value) }];
    return jsonReply(200, { flags, ttl_seconds: state.ttlSeconds });
  };
}
