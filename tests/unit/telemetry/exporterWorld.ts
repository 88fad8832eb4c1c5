import type { BatchResult } from '../../../lib/contracts/IBatchExporter';
import type { TelemetryOptions } from '../../../lib/model/options';
import { CircuitBreakerRegistry } from '../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { RecordOrigin, TelemetryRecord } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { connectionTo, originTo } from '../.stubs/origins';
import { connectionRecord } from '../.stubs/telemetryRecords';
import { startTestServer, type Answer, type Received, type TestServer } from '../.stubs/TestServer';

export const EXT = '/api/2.0/sql/telemetry-ext';
export const UNAUTH = '/api/2.0/sql/telemetry-unauth';
export const QUICK = { telemetryBackoffBaseMs: 1, telemetryBackoffMaxMs: 2 };

export const logsOf = ({ body }: Received): string[] => (JSON.parse(body) as { protoLogs: string[] }).protoLogs;
export const idsOf = (request: Received): string[] =>
  logsOf(request).map((log) => (JSON.parse(log) as { frontend_log_event_id: string }).frontend_log_event_id);

export const accept: Answer = (response, request) =>
  response.end(JSON.stringify({ errors: [], numProtoSuccess: logsOf(request).length }));
/** One answer after the other; the last one stays. */
export function script(...answers: Answer[]): Answer {
  return (response, request) => (answers.length > 1 ? answers.shift() : answers[0])?.(response, request);
}

/** A server that answers as it is told, and exporters to it. */
class ExporterWorld {
  answer: Answer = accept;
  hosts = new HostRegistry();
  server!: TestServer;
  context!: ClientContextStub;
  breakers!: CircuitBreakerRegistry;

  async start(): Promise<void> {
    this.answer = accept;
    this.hosts = new HostRegistry();
    this.server = await startTestServer((response, request) => this.answer(response, request));
  }

  exporter(options: TelemetryOptions = QUICK): DatabricksTelemetryExporter {
    this.context = new ClientContextStub(options);
    this.breakers = new CircuitBreakerRegistry(this.context, this.hosts);
    return new DatabricksTelemetryExporter(this.context, `localhost:${this.server.port}`, this.breakers);
  }

  records(count: number, origin: RecordOrigin = originTo(this.server, 'T')): TelemetryRecord[] {
    const connection = connectionTo(origin);
    return Array.from({ length: count }, () => connectionRecord({ connection }));
  }

  tokens(): unknown[] {
    return this.server.received.map(({ headers }) => headers.authorization);
  }

  paths(): string[] {
    return this.server.received.map(({ path }) => path);
  }
}

export function totals(result: BatchResult<TelemetryRecord>): object {
  return { ...result, retained: result.retained.length };
}

/** A world that is new in each test. */
export function useExporterWorld(): ExporterWorld {
  const world = new ExporterWorld();
  beforeEach(() => world.start());
  afterEach(() => world.server.stop());
  return world;
}
