import type { ConnectionOptions } from 'databricks-sql-telemetry';

export const SERVICE_NAMES = ['checkout-api', 'pricing-engine', 'bi-export', 'notebook-gateway'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** What the process of a service is told. */
export type Order =
  | {
      readonly kind: 'work';
      readonly name: ServiceName;
      readonly connection: ConnectionOptions;
      readonly telemetryEndpoint: string;
      /** The release that makes it slower. */
      readonly slower: boolean;
    }
  /** For so long it asks for a table that is not there. */
  | { readonly kind: 'break'; readonly forMs: number }
  /** Ends after the statement that is under way, with everything sent. */
  | { readonly kind: 'stop' };
