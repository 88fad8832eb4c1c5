import type { RouteName } from './routes';
import type { CallName } from './calls';

export const FAULT_ACTIONS = ['hang', 'reset', 'reset-mid-body', 'truncate', 'corrupt', 'refuse', 'malformed'] as const;

/**
 * - `hang`: never answered. `reset`: the connection is reset before the answer, the request is not processed.
 * - `refuse`: the connection is closed as soon as the request line is seen.
 * - `reset-mid-body`, `truncate`, `corrupt`: processed, then answered with half a body and a reset, a shortened body, or
 *   a body with flipped bytes. `malformed`: processed, then answered with bytes that are no valid body.
 */
export type FaultAction = (typeof FAULT_ACTIONS)[number];

export interface FaultSpec {
  /** Default: every route. */
  route?: RouteName;
  /** One call of Thrift or of the Statement Execution API. */
  rpc?: CallName;
  /** Requests that are hit, default until cleared. */
  times?: number;
  /** Matching requests that pass first. */
  skip?: number;
  /** Only requests whose path contains this. */
  pathIncludes?: string;
  /** Only requests of this tenant. */
  tenant?: string;
  /** Answer with this status and do not process. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Wait before anything else happens. */
  delayMs?: number;
  action?: FaultAction;
  /** Throttle the answer. */
  bytesPerSecond?: number;
  /** Answer with chunked encoding instead of a content length; clients notice an early end in different ways. */
  chunked?: boolean;
  /** The call answers with this error: ERROR_STATUS of Thrift, a failed statement or status 400 of the REST API. */
  error?: { message: string; sqlState?: string };
  /** CloudFetch links in the answer have expired already. */
  expireLinks?: boolean;
  /** Telemetry: how many of the logs in a request are accepted; the rest is rejected in `errors`. */
  acceptLogs?: number;
}

export interface FaultHandle {
  /** Requests hit so far. */
  readonly hits: number;
  remove(): void;
}

/** Scripts what goes wrong, for the next requests or until cleared. */
export interface FaultControl {
  add(spec: FaultSpec): FaultHandle;
  clear(): void;
  /** Destroys every open connection now. */
  closeConnections(): void;
  /** The port refuses connections until `acceptConnections()`; open ones are destroyed. */
  refuseConnections(): Promise<void>;
  acceptConnections(): Promise<void>;
}

export interface FaultTarget {
  route: RouteName;
  path: string;
  rpc: CallName | undefined;
  tenant: string | undefined;
}

interface Entry {
  spec: FaultSpec;
  seen: number;
  hits: number;
}

/** The script: which fault, if any, hits a request. The first match in the order of `add` wins. */
export class FaultScript {
  private entries: Entry[] = [];

  add(spec: FaultSpec): FaultHandle {
    const entry: Entry = { spec, seen: 0, hits: 0 };
    this.entries.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.entries = this.entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.entries = [];
  }

  take(target: FaultTarget): FaultSpec | undefined {
    for (const entry of this.entries) {
      if (!matches(entry.spec, target)) continue;
      if (entry.spec.times !== undefined && entry.hits >= entry.spec.times) continue;
      entry.seen += 1;
      if (entry.seen <= (entry.spec.skip ?? 0)) continue;
      entry.hits += 1;
      return entry.spec;
    }
    return undefined;
  }
}

function matches(spec: FaultSpec, target: FaultTarget): boolean {
  if (target.route === 'admin' && spec.route !== 'admin') return false;
  if (spec.route !== undefined && spec.route !== target.route) return false;
  if (spec.rpc !== undefined && spec.rpc !== target.rpc) return false;
  if (spec.tenant !== undefined && spec.tenant !== target.tenant) return false;
  return spec.pathIncludes === undefined || target.path.includes(spec.pathIncludes);
}
