import type { LocalWorkspace } from 'databricks-local-workspace';

/**
 * Every byte that reached the endpoints of telemetry, as it came and with JSON decoded. Left out are the headers that
 * carry data of the application on purpose.
 */
export function receivedBytes(workspace: LocalWorkspace, leftOut: readonly string[] = ['authorization']): string {
  const { received } = workspace;
  const requests = [
    ...received.requests({ route: 'feature-flags' }).map((request) => ({ request, body: undefined })),
    ...received.telemetryRequests(),
  ];
  const seen = requests.map(({ request, body }) => {
    const headers = Object.entries(request.headers).filter(([name]) => !leftOut.includes(name));
    return [request.method, request.url, headers, body];
  });
  const logs = received.telemetryLogs({ accepted: 'any' }).map(({ raw, log }) => [raw, log]);
  return JSON.stringify([seen, logs]);
}
