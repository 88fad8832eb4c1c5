import { CollectorClient, startCollector, type Collector } from 'databricks-telemetry-collector';
import { validateTelemetryLog, type ReceivedTelemetryLog } from 'databricks-local-workspace';
import type { Cell } from './compare';
import { differenceOf, type KnownDifference } from './knownDifferences';

type Statement = Awaited<ReturnType<CollectorClient['statements']>>['statements'][number];

const LIMIT_MS = 20_000;

/** What drivers posted to the workspace: checked by its field table, handed on to a collector, asked for again there. */
export class TelemetryCheck {
  readonly cells = new Map<string, Cell>();
  readonly filled = new Map<string, Map<string, number>>();
  /** Known differences that explained something. */
  readonly met = new Set<KnownDifference>();
  private readonly client: CollectorClient;

  private constructor(private readonly collector: Collector) {
    this.client = new CollectorClient(collector.address);
  }

  static async start(data: string): Promise<TelemetryCheck> {
    return new TelemetryCheck(await startCollector({ port: 0, data }));
  }

  get address(): string {
    return this.collector.address;
  }

  /** What the driver of `row` sent, under the name that its program gave as the application. */
  async take(row: string, application: string, logs: readonly ReceivedTelemetryLog[]): Promise<void> {
    const cell: Cell = { agreed: logs.length, known: 0, unsupported: 0, problems: [] };
    this.cells.set(row, cell);
    if (logs.length === 0) cell.problems.push('telemetry: nothing was received');
    const violations = new Set(logs.flatMap(({ log }) => validateTelemetryLog(log).map(({ message }) => message)));
    for (const message of violations) {
      const known = differenceOf(row, 'sent', 'telemetry', message);
      if (known) this.met.add(known);
      else cell.problems.push(`telemetry: ${message}`);
    }
    const known = await this.known();
    const taken = await this.post(logs);
    if (taken !== logs.length) cell.problems.push(`telemetry: the collector took ${taken} of ${logs.length} logs`);
    const statements = await this.loaded(application, known + taken);
    if (statements.length === 0) cell.problems.push(`telemetry: the collector has no statements of ${application}`);
    this.filled.set(row, countFilled(statements));
  }

  /** What came through the gateway stays at home: the workspace has no `logs`, the collector has the statements. */
  async kept(row: string, application: string, logs: readonly unknown[], isSender: boolean): Promise<void> {
    const cell: Cell = { agreed: isSender ? 1 : 0, known: 0, unsupported: isSender ? 0 : 1, problems: [] };
    this.cells.set(row, cell);
    if (logs.length > 0) cell.problems.push(`telemetry: ${logs.length} logs reached the workspace`);
    if (!isSender) return;
    const deadlineMs = Date.now() + LIMIT_MS;
    let statements: readonly Statement[] = [];
    while (statements.length === 0 && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      statements = await this.statementsOf(application);
    }
    if (statements.length === 0) cell.problems.push(`telemetry: the collector has no statements of ${application}`);
  }

  /** What the collector did not understand of all that it got. */
  async notUnderstood(): Promise<string[]> {
    const { unknownFields, invalidFields, rejectedBy } = await this.client.health({ from: 0 });
    return Object.entries({ unknownFields, invalidFields, rejectedBy }).flatMap(([what, counts]) =>
      counts.map(({ name, count }) => `telemetry: ${what} of the collector has ${count} times ${name}`),
    );
  }

  /** How many statements of each driver have a field, in percent. */
  sideBySide(): string {
    const names = [...new Set([...this.filled.values()].flatMap((counts) => [...counts.keys()]))];
    const rows = [...this.filled].map(([row, counts]) => [row, ...names.map((name) => `${counts.get(name) ?? 0}`)]);
    const columns = [['% filled', ...names], ...rows];
    const widths = columns.map((column) => Math.max(...column.map((text) => text.length)));
    return (columns[0] ?? [])
      .map((_, i) =>
        columns
          .map((column, j) => (column[i] ?? '').padEnd(widths[j] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }

  close(): Promise<void> {
    return this.collector.close();
  }

  private async post(logs: readonly ReceivedTelemetryLog[]): Promise<number> {
    const response = await fetch(`${this.collector.address}/telemetry-ext`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uploadTime: Date.now(), items: [], protoLogs: logs.map(({ raw }) => raw) }),
    });
    const { numProtoSuccess = 0 } = (await response.json()) as { numProtoSuccess?: number };
    return numProtoSuccess;
  }

  private async known(): Promise<number> {
    const { accepted, duplicate } = await this.client.health({ from: 0 });
    return accepted + duplicate;
  }

  private async loaded(application: string, logs: number): Promise<readonly Statement[]> {
    const deadlineMs = Date.now() + LIMIT_MS;
    while ((await this.known()) < logs && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return this.statementsOf(application);
  }

  private async statementsOf(service: string): Promise<readonly Statement[]> {
    return (await this.client.statements({ from: 0, service, limit: 1000 })).statements;
  }
}

function countFilled(statements: readonly Statement[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const statement of statements) {
    for (const [name, value] of Object.entries(statement)) {
      counts.set(name, (counts.get(name) ?? 0) + (value === null ? 0 : 1));
    }
  }
  return new Map([...counts].map(([name, count]) => [name, Math.round((100 * count) / statements.length)]));
}
