import type { LiveHealth } from '../api/Endpoint';
import type { ClientServer } from '../store/queries/clientServer';
import type { CloudFetch } from '../store/queries/cloudfetch';
import type { Comparison } from '../store/queries/compare';
import type { Errors } from '../store/queries/errors';
import type { Explanation } from '../store/queries/explain';
import type { Findings } from '../store/queries/findings';
import type { Fleet } from '../store/queries/fleet';
import type { StoreHealth } from '../store/queries/health';
import type { Heatmap } from '../store/queries/heatmap';
import type { Names } from '../store/queries/names';
import type { Overview } from '../store/queries/overview';
import type { Retries } from '../store/queries/retries';
import type { StatementDetail } from '../store/queries/statement';
import type { StatementSummary } from '../store/queries/summary';
import type { ConfigurationView } from '../steering/Steering';
import type { Level } from '../steering/rules';

export interface ClientOptions {
  /** A reading token, or a steering token for what changes something. */
  readonly token?: string;
  /** Ends what is being asked; the methods then reject with its reason. */
  readonly signal?: AbortSignal;
}

/** The values that filters can have, and what warehouses are called. */
type FilterNames = Names & { readonly warehouseNames: Readonly<Record<string, string>> };

/** Parameters of a question; a list stands for "any of these". */
export type Question = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface StatementPage {
  readonly statements: readonly StatementSummary[];
  readonly next: string | null;
}

export interface RuleChange {
  readonly scope: 'all' | 'host' | 'service';
  readonly name?: string;
  readonly enabled?: boolean | null;
  readonly level?: Level | null;
  readonly sampleRate?: number | null;
  readonly by?: string;
}

/** The collector refused, and said why. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What it told nevertheless: health, of a collector whose store does not answer. */
    readonly told: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Asks a collector. Every method rejects with a CollectorError when it refuses, and as `fetch` does when it does not answer. */
export class CollectorClient {
  constructor(
    private readonly address: string,
    private readonly options: ClientOptions = {},
  ) {}

  private asking<T>(path: string): (question?: Question) => Promise<T> {
    return (question = {}) => this.get(path, question);
  }

  /** The same, for questions that `signal` can end. */
  until(signal: AbortSignal): CollectorClient {
    return new CollectorClient(this.address, { ...this.options, signal });
  }

  readonly overview = this.asking<Overview>('/overview');
  readonly findings = this.asking<Findings>('/findings');
  readonly heatmap = this.asking<Heatmap>('/heatmap');
  readonly statements = this.asking<StatementPage>('/statements');
  readonly explain = this.asking<Explanation>('/explain');
  readonly errors = this.asking<Errors>('/errors');
  readonly compare = this.asking<Comparison>('/compare');
  readonly cloudfetch = this.asking<CloudFetch>('/cloudfetch');
  readonly retries = this.asking<Retries>('/retries');
  readonly fleet = this.asking<Fleet>('/fleet');
  readonly clientServer = this.asking<ClientServer>('/client-server');
  readonly names = (): Promise<FilterNames> => this.get('/names', {});
  readonly health = this.asking<StoreHealth & LiveHealth>('/health');
  readonly configuration = (): Promise<ConfigurationView> => this.get('/configuration', {});
  readonly statement = (statementId: string): Promise<StatementDetail> =>
    this.get(`/statements/${encodeURIComponent(statementId)}`, {});

  setRule(change: RuleChange): Promise<ConfigurationView> {
    return this.send('PUT', '/configuration', {}, change);
  }

  removeRule(scope: RuleChange['scope'], name?: string, by?: string): Promise<ConfigurationView> {
    return this.send('DELETE', '/configuration', { scope, name, author: by });
  }

  expire(dryRun: boolean): Promise<{ statements: number; files: string[]; bytes: number; dryRun: boolean }> {
    return this.send('POST', '/expire', { dryRun }, {});
  }

  backup(): Promise<{ folder: string }> {
    return this.send('POST', '/backup', {}, {});
  }

  /** Deletes all that came from one host, session or application. Returns how many statements those were. */
  remove(whose: { host: string } | { session: string } | { application: string }): Promise<{ removed: number }> {
    return this.send('DELETE', '/statements', whose);
  }

  /** The response whose body is the file. */
  export(question: Question = {}): Promise<Response> {
    return this.request('GET', '/export', question);
  }

  /** The response whose body is the stream of events: what becomes visible and fits the filters. */
  live(filters: Question = {}): Promise<Response> {
    return this.request('GET', '/live', filters);
  }

  private get<T>(path: string, question: Question): Promise<T> {
    return this.send('GET', path, question);
  }

  private async send<T>(method: string, path: string, question: Question, body?: object): Promise<T> {
    return (await (await this.request(method, path, question, body)).json()) as T;
  }

  private async request(method: string, path: string, question: Question, body?: object): Promise<Response> {
    const url = new URL(`${this.address.replace(/\/$/, '')}/api/v1${path}`);
    for (const [name, value] of Object.entries(question)) {
      for (const one of typeof value === 'object' ? value : [value]) {
        if (one !== undefined) url.searchParams.append(name, String(one));
      }
    }
    const { token, signal } = this.options;
    const response = await fetch(url, {
      method,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    const { error, ...told } = (await response.json().catch(() => ({}))) as {
      readonly error?: { readonly code?: string; readonly message?: string };
    };
    throw new CollectorError(response.status, error?.code ?? 'unknown', error?.message ?? response.statusText, told);
  }
}
