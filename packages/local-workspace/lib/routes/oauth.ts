import type { TenantRegistry } from '../auth/tenants';
import { header, type Exchange, type Route } from '../http/exchange';
import { errorReply, jsonReply, type Reply } from '../http/reply';

const HOST_METADATA = '/.well-known/databricks-config';

/** OpenID discovery, and what leads the drivers' SDKs to it, under the name the client used. */
export function oidcRoute(authority: () => string): Route {
  return async (exchange) => {
    if (exchange.request.method !== 'GET') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only GET is supported');
    const issuer = `https://${header(exchange, 'host') ?? authority()}/oidc`;
    if (exchange.request.path === HOST_METADATA) return jsonReply(200, { oidc_endpoint: issuer });
    return jsonReply(200, {
      issuer,
      authorization_endpoint: `${issuer}/v1/authorize`,
      token_endpoint: `${issuer}/v1/token`,
      jwks_uri: `${issuer}/jwks.json`,
      grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      scopes_supported: ['all-apis', 'sql', 'offline_access'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  };
}

/** The token endpoint: `client_credentials` of a tenant for a bearer token that lives `ttlSeconds`. */
export function tokenRoute(tenants: TenantRegistry, ttlSeconds: number): Route {
  return async (exchange) => {
    if (exchange.request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only POST is supported');
    const form = new URLSearchParams(exchange.body.toString('utf8'));
    if (form.get('grant_type') !== 'client_credentials') {
      return problem(400, 'unsupported_grant_type', 'Only client_credentials is supported');
    }
    const [id, secret] = clientOf(exchange, form);
    const tenant = tenants.byClient(id, secret);
    if (!tenant) return problem(401, 'invalid_client', 'Client authentication failed');
    return jsonReply(200, {
      access_token: tenants.issueAccessToken(tenant, ttlSeconds * 1000),
      token_type: 'Bearer',
      expires_in: ttlSeconds,
      scope: form.get('scope') ?? 'all-apis',
    });
  };
}

function problem(status: number, error: string, description: string): Reply {
  return jsonReply(status, { error, error_description: description });
}

function clientOf(exchange: Exchange, form: URLSearchParams): [id: string, secret: string] {
  const basic = /^Basic\s+(\S+)$/i.exec(header(exchange, 'authorization') ?? '');
  if (!basic) return [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  const text = Buffer.from(basic[1] as string, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return [decode(text.slice(0, Math.max(colon, 0))), decode(text.slice(colon + 1))];
}

function decode(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? '';
}
