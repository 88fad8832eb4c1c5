import type { ConnectionDiagnosis, Refusal } from '../model/diagnosis';
import { effectiveOptions, type OptionLevels } from '../model/effectiveOptions';
import { DEFAULT_TELEMETRY_CONFIG, type OptionProblem, type TelemetryConfiguration } from '../model/options';
import { explain, type TelemetryExplanation } from './explain';

/** What the options of client and connection came to. */
interface Decided {
  readonly refusals: readonly Refusal[];
  readonly problems: readonly OptionProblem<string>[];
  readonly configuration: TelemetryConfiguration;
  readonly levels: OptionLevels;
}

/** What a client has decided and done that explains its telemetry, and its pipeline does not know. */
export class Explainer {
  private decided: Decided = { refusals: [], problems: [], levels: [], configuration: DEFAULT_TELEMETRY_CONFIG };
  private connection: 'none' | 'open' | 'closed' = 'none';
  private optedOutSessions = 0;

  /** `connect()` was called: the options have decided, nothing is connected yet. */
  connecting({ refusals, problems, configuration, levels }: Decided): void {
    this.decided = { refusals, problems, configuration, levels };
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
  explain(diagnosis: ConnectionDiagnosis | undefined): TelemetryExplanation {
    const { connection, optedOutSessions } = this;
    const { configuration, levels, ...decided } = this.decided;
    const options = optionsSet(configuration, levels);
    return explain({ ...decided, options, connection, optedOutSessions, ...(diagnosis ?? NOTHING_OBSERVED) });
  }
}

const NOTHING_OBSERVED = {
  isCollecting: false,
  hasReceivers: false,
  host: undefined,
  telemetry: undefined,
  exporters: [],
} as const satisfies Record<keyof ConnectionDiagnosis, unknown>;

/** Options that somebody has set, with who it was. */
function optionsSet(configuration: TelemetryConfiguration, levels: OptionLevels): TelemetryExplanation['options'] {
  const all = Object.entries(effectiveOptions(configuration, levels));
  return Object.fromEntries(all.filter(([, { setBy }]) => setBy !== 'default'));
}
