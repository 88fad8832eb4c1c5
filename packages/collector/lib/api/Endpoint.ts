import type { AnswerOf, ParametersOf, QueryName } from '../store/queries';
import type { Parameters } from './parameters';
import type { SchemaName } from './schemas';

/** The store, as an endpoint asks it for one client: when that is gone its questions end. */
export interface Asking {
  query<N extends QueryName>(name: N, parameters: ParametersOf<N>): Promise<AnswerOf<N>>;
}

/** What an endpoint answers with. */
export interface ApiContext {
  readonly store: Asking;
  readonly nowMs: number;
  /** By ids, as whoever runs the collector calls them. */
  readonly warehouseNames: Readonly<Record<string, string>>;
  /** What only the answering thread knows of the data's health. */
  liveHealth(): Promise<LiveHealth>;
}

export interface LiveHealth {
  readonly lagMs: number;
  readonly journal: {
    readonly bytes: number;
    readonly maxBytes: number;
    /** Entries whose checksum was wrong. */
    readonly damaged: number;
    /** Rows that the store refused; they are in files of the journal's folder until retention deletes them. */
    readonly putAside: number;
    readonly failure: string | null;
  };
  readonly store: {
    readonly bytes: number;
    /** Why it cannot load; null while it can. */
    readonly failure: string | null;
    /** Times that it did not, since the start. */
    readonly failures: number;
  };
  readonly senders: number;
  /** The collector's clock: whoever asks may have another one. */
  readonly nowMs: number;
  readonly startedMs: number;
  readonly version: string;
}

/** One question of the API: described once, for the server, the OpenAPI document and the tests. */
export interface Endpoint {
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly string[];
  readonly answer: SchemaName;
  /** What it tells with a 503; an error alone when not given. */
  readonly refusal?: SchemaName;
  ask(context: ApiContext, parameters: Parameters, path: Readonly<Record<string, string>>): Promise<unknown>;
}
