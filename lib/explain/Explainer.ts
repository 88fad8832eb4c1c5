import type { HostKey } from '../model/connection';
import type { OptionProblem } from '../model/options';
import { explain, type Destination, type HostFacts, type Refusal, type TelemetryExplanation } from './explain';

/** What the options of client and connection came to. */
interface Decided {
  readonly refusals: readonly Refusal[];
  readonly problems: readonly OptionProblem[];
}

/** What a connection's telemetry says of itself. */
interface Diagnosis {
  readonly isCollecting: boolean;
  readonly hasReceivers: boolean;
  readonly host: HostKey;
  readonly telemetry: (HostFacts & { readonly destination: Destination }) | undefined;
}

/** What a client has decided and done that explains its telemetry, and its pipeline does not know. */
export class Explainer {
  private decided: Decided = { refusals: [], problems: [] };
  private connection: 'none' | 'open' | 'closed' = 'none';
  private optedOutSessions = 0;

  /** `connect()` was called: the options have decided, nothing is connected yet. */
  connecting({ refusals, problems }: Decided): void {
    this.decided = { refusals, problems };
    this.connection = 'none';
    this.optedOutSessions = 0;
  }

  connected(): void {
    this.connection = 'open';
  }

  closed(): void {
    if (this.connection === 'open') this.connection = 'closed';
  }

  sessionOptedOut(): void {
    this.optedOutSessions += 1;
  }

  /** `diagnosis`: undefined where nothing is observed. */
  explain(diagnosis: Diagnosis | undefined): TelemetryExplanation {
    const { connection, optedOutSessions } = this;
    const { isCollecting = false, hasReceivers = false, host, telemetry } = diagnosis ?? {};
    const destination = telemetry?.destination;
    return explain({
      ...this.decided,
      ...{ connection, optedOutSessions, isCollecting, hasReceivers, host, telemetry },
      destination: destination && { kind: destination.kind, address: destination.address },
    });
  }
}
