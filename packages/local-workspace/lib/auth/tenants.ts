import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Somebody who may use the workspace: an account with its own credentials. */
export interface TenantOptions {
  name: string;
  tokens?: readonly string[];
  /** Answer of `current_user()`. Default `<name>@example.com`. */
  user?: string;
  /** OAuth M2M service principal. */
  clientId?: string;
  clientSecret?: string;
}

export interface Tenant {
  readonly name: string;
  readonly user: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

type TokenState = { tenant: Tenant; expiresAtMs: number | undefined; revoked: boolean };

export type TokenCheck =
  | { kind: 'valid'; tenant: Tenant; token: string }
  | { kind: 'missing' }
  | { kind: 'unknown' }
  | { kind: 'expired'; tenant: Tenant }
  | { kind: 'revoked'; tenant: Tenant };

export function randomToken(): string {
  return `dapi${randomBytes(16).toString('hex')}`;
}

/** Tenants and their tokens. */
export class TenantRegistry {
  private readonly tenants: Tenant[] = [];
  private readonly tokens = new Map<string, TokenState>();
  private readonly signingKey = randomBytes(32);
  readonly firstToken: string;

  constructor(entries: readonly (string | TenantOptions)[] = []) {
    const list = entries.length > 0 ? entries : [randomToken()];
    list.forEach((entry, index) => this.add(entry, index));
    const [first] = this.tokens.keys();
    this.firstToken = first ?? this.issue(this.tenants[0] as Tenant, undefined);
  }

  private add(entry: string | TenantOptions, index: number): void {
    const options: TenantOptions =
      typeof entry === 'string' ? { name: index === 0 ? 'default' : `tenant-${index + 1}`, tokens: [entry] } : entry;
    const tenant: Tenant = {
      name: options.name,
      user: options.user ?? `${options.name}@example.com`,
      ...(options.clientId === undefined ? {} : { clientId: options.clientId }),
      ...(options.clientSecret === undefined ? {} : { clientSecret: options.clientSecret }),
    };
    this.tenants.push(tenant);
    for (const token of options.tokens ?? []) {
      this.tokens.set(token, { tenant, expiresAtMs: undefined, revoked: false });
    }
  }

  /** A new token for `tenant`, valid for `ttlMs` or until it is revoked. */
  issue(tenant: Tenant, ttlMs: number | undefined): string {
    const token = randomToken();
    const expiresAtMs = ttlMs === undefined ? undefined : Date.now() + ttlMs;
    this.tokens.set(token, { tenant, expiresAtMs, revoked: false });
    return token;
  }

  /** A token as the OAuth endpoint issues it: a JWT, whose times the driver for Java reads. */
  issueAccessToken(tenant: Tenant, ttlMs: number): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      sub: tenant.clientId ?? tenant.name,
      iat: now,
      exp: now + Math.ceil(ttlMs / 1000),
      scope: 'all-apis',
    };
    const signed = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${part({ ...claims, jti: randomToken() })}`;
    const token = `${signed}.${createHmac('sha256', this.signingKey).update(signed).digest('base64url')}`;
    this.tokens.set(token, { tenant, expiresAtMs: Date.now() + ttlMs, revoked: false });
    return token;
  }

  /** A token for the tenant of that name, by default the first. Throws for an unknown name. */
  issueFor(name: string | undefined, ttlMs: number | undefined): string {
    const tenant = name === undefined ? this.tenants[0] : this.byName(name);
    if (!tenant) throw new Error(`There is no tenant named ${name}`);
    return this.issue(tenant, ttlMs);
  }

  revoke(token: string): void {
    const state = this.tokens.get(token);
    if (state) state.revoked = true;
  }

  byName(name: string): Tenant | undefined {
    return this.tenants.find((tenant) => tenant.name === name);
  }

  byClient(clientId: string, clientSecret: string): Tenant | undefined {
    return this.tenants.find(
      (tenant) =>
        tenant.clientId === clientId &&
        tenant.clientSecret !== undefined &&
        sameText(tenant.clientSecret, clientSecret),
    );
  }

  check(authorization: string | undefined): TokenCheck {
    if (authorization === undefined) return { kind: 'missing' };
    const [scheme, token] = authorization.split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || !token) return { kind: 'unknown' };
    const state = this.tokens.get(token);
    if (!state) return { kind: 'unknown' };
    if (state.revoked) return { kind: 'revoked', tenant: state.tenant };
    if (state.expiresAtMs !== undefined && Date.now() >= state.expiresAtMs) {
      return { kind: 'expired', tenant: state.tenant };
    }
    return { kind: 'valid', tenant: state.tenant, token };
  }
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
