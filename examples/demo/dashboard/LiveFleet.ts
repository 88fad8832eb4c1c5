import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { SERVICE_NAMES, type ServiceName } from './assignment';
import { LiveService } from './LiveService';

const DRIVER_BEFORE_DEPLOY = '1.17.0';
const BURST_MS = 20_000;
const STORM_MS = 25_000;

interface Incident {
  /** Time since the incident before, in milliseconds. */
  readonly afterMs: number;
  readonly happens: () => Promise<void>;
}

/** Four services that work without end, and what befalls them, again and again. */
export class LiveFleet {
  private readonly services = new Map<ServiceName, LiveService>();
  private readonly over = new AbortController();

  constructor(
    private readonly workspace: LocalWorkspace,
    private readonly telemetryEndpoint: string,
    private readonly tell: (line: string) => void,
  ) {}

  /** Works, and lets things happen, until `stop()`. */
  async live(): Promise<void> {
    if (this.over.signal.aborted) return;
    this.tell('four services at work, each in a process of its own');
    for (const name of SERVICE_NAMES) this.launch(name, false);
    const incidents: readonly Incident[] = [
      { afterMs: 40_000, happens: () => this.deploy(true) },
      { afterMs: 45_000, happens: () => this.burst() },
      { afterMs: 45_000, happens: () => this.storm() },
      { afterMs: 60_000, happens: () => this.deploy(false) },
    ];
    while (!this.over.signal.aborted) {
      for (const { afterMs, happens } of incidents) {
        await this.pause(afterMs);
        if (!this.over.signal.aborted) await happens();
      }
    }
  }

  async stop(): Promise<void> {
    this.over.abort();
    this.workspace.faults.clear();
    await Promise.all([...this.services.values()].map((service) => service.stop()));
  }

  private async deploy(slower: boolean): Promise<void> {
    this.tell(
      slower
        ? 'pricing-engine is deployed with a newer driver, and is slower from now on'
        : 'pricing-engine is rolled back',
    );
    await this.services.get('pricing-engine')?.stop();
    if (!this.over.signal.aborted) this.launch('pricing-engine', slower);
  }

  private async burst(): Promise<void> {
    this.tell('bi-export and notebook-gateway look for a table that is not there');
    this.services.get('bi-export')?.break(BURST_MS);
    this.services.get('notebook-gateway')?.break(BURST_MS);
    await this.pause(BURST_MS);
  }

  private async storm(): Promise<void> {
    this.tell('the workspace answers 503 and 429 now and then');
    const endMs = Date.now() + STORM_MS;
    for (let i = 0; Date.now() < endMs && !this.over.signal.aborted; i += 1) {
      const status = i % 3 === 2 ? 429 : 503;
      this.workspace.faults.add({ rpc: 'ExecuteStatement', status, headers: { 'retry-after': '1' }, times: 1 });
      await this.pause(600);
    }
    this.workspace.faults.clear();
  }

  private launch(name: ServiceName, slower: boolean): void {
    const driver = name === 'pricing-engine' && !slower ? DRIVER_BEFORE_DEPLOY : undefined;
    const { connectionOptions: connection } = this.workspace;
    const { telemetryEndpoint } = this;
    this.services.set(name, LiveService.start({ kind: 'work', name, connection, telemetryEndpoint, slower }, driver));
  }

  /** Until the time is over, or everything is. */
  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }
}
