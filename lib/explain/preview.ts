import type { TelemetryPreview } from '../model/optionRow';

/** A request that would be made, as a person can read it: its logs are JSON within JSON. */
export function renderPreview({ method, url, headers, body }: TelemetryPreview): string {
  const { protoLogs, ...envelope } = JSON.parse(body) as { protoLogs: string[] };
  const logs = protoLogs.map((log) => JSON.stringify(JSON.parse(log), undefined, 2));
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...head, '', JSON.stringify(envelope), ...logs, ''].join('\n');
}
