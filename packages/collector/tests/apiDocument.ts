import { ENDPOINTS } from '../lib/api/endpoints';
import { OPERATIONS, type Operation } from '../lib/api/operations';
import { PARAMETERS, SELECTION_PARAMETERS } from '../lib/api/parameters';
import { SCHEMAS } from '../lib/api/schemas';
import type { Shape } from '../lib/api/shapes';

const HEAD = `# The API of the collector

Base: \`/api/v1\`. Times are milliseconds since the epoch, durations milliseconds, sizes bytes. \`null\` is "not known", never 0.
Reading takes a reading token (\`Authorization: Bearer …\`) where one is configured, steering a steering token, which also
reads. Errors are \`{ "error": { "code": string, "message": string } }\` with a 4xx or 5xx. The machine-readable form is
\`GET /api/v1/openapi.json\`. This page is written from the tables of the server.

## Samples

Where services send samples, counts, sums, shares and quantiles are estimates: each statement counts for as many as its rate
says. \`sampled\` tells how many of these were received and how many they stand for; it is null where nothing is estimated.
Statements that failed, were cancelled or were slow are always sent, and errors are never sampled: their counts are exact. A
largest value is the largest that was received, and services are those that were heard. A service at rate 0 sends only what
is always sent: the rest of it cannot be estimated.

## Parameters of a window

Wherever it says _window_:

`;

const LIVE = `
## Live

\`GET /api/v1/live\` is a stream of server-sent events. It is meant for a streaming \`fetch\`, so that the token can be a header:

\`\`\`
event: statements
data: {"statements": [StatementSummary, …], "left": 0}

event: health
data: {"lagMs": …, "journal": {…}, "store": {…}, "senders": …, "nowMs": …, "startedMs": …, "version": "…"}
\`\`\`

\`left\` is how many more fitted and were not sent: at most 200 come with one event, and fewer to a reader that is slow. With
\`from\`, the first event brings the newest 50 that started since: whoever asks so after a stream broke misses nothing, and may
get a statement twice.

## Steering

\`PUT /api/v1/configuration\` takes \`{ "scope": "all" | "host" | "service", "name"?, "enabled"?, "level"?, "sampleRate"?, "by"? }\`;
\`DELETE /api/v1/configuration?scope=service&name=checkout\` takes the rule back. The strictest of the rules that fit is in force. A
sender asks at \`/api/2.0/connector-service/feature-flags/<client>/<version>\` (GET with a query, or POST with JSON): \`service\`,
\`host\`, \`processId\`, \`libraryVersion\`, \`runtimeVersion\` and \`options\` (\`{ name: { value, setBy } }\`) are all optional, and is
answered with the flag of every driver, \`ttl_seconds\`, and \`configuration\`: \`{ enabled, level, sampleRate, local, ttlSeconds, decidedBy }\`.
`;

/** docs/api.md, from the tables that the server itself uses. */
export function apiDocument(): string {
  const operations: Operation[] = [
    ...ENDPOINTS.map((endpoint): Operation => ({ ...endpoint, method: 'get', role: 'read' })),
    ...OPERATIONS,
  ];
  const parameters = SELECTION_PARAMETERS.map((name) => `- ${parameterLine(name)}`).join('\n');
  const answered = new Set(operations.flatMap(({ answer }) => answer ?? []));
  const shared = Object.entries(SCHEMAS).filter(([name]) => !answered.has(name as never) && name !== 'Error');
  return [
    HEAD + parameters,
    '## Endpoints',
    ...operations.map(describe),
    '## Shared shapes',
    ...shared.map(([name, shape]) => `\`\`\`ts\ninterface ${name} ${show(shape)}\n\`\`\``),
    LIVE.trim(),
  ]
    .join('\n\n')
    .concat('\n');
}

function describe({ method, path, summary, parameters, answer, media, role }: Operation): string {
  const inWindow = SELECTION_PARAMETERS.every((name) => parameters.includes(name));
  const own = parameters.filter((name) => !inWindow || !(SELECTION_PARAMETERS as readonly string[]).includes(name));
  const lines = [`### \`${method.toUpperCase()} ${path}\` (${role})`, summary];
  if (inWindow || own.length > 0) {
    lines.push([...(inWindow ? ['- _window_'] : []), ...own.map((name) => `- ${parameterLine(name)}`)].join('\n'));
  }
  if (answer === undefined) lines.push(`Answers with ${(media ?? []).map((type) => `\`${type}\``).join(', ')}.`);
  else lines.push(`\`\`\`ts\ninterface ${answer} ${show(SCHEMAS[answer])}\n\`\`\``);
  return lines.join('\n\n');
}

function parameterLine(name: string): string {
  const rule = PARAMETERS[name];
  const values = rule?.kind === 'choice' ? ` One of ${rule.values.map((value) => `\`${value}\``).join(', ')}.` : '';
  return `\`${name}\`: ${rule?.description ?? ''}${values}`;
}

/** A shape in the notation of TypeScript. */
function show(shape: Shape, indent = ''): string {
  const { type, anyOf, oneOf = anyOf, $ref, properties, items, additionalProperties } = shape;
  const values = shape['enum'];
  if (typeof $ref === 'string') return $ref.replace(/.*\//, '');
  if (Array.isArray(oneOf)) return (oneOf as Shape[]).map((one) => show(one, indent)).join(' | ');
  if (Array.isArray(values)) return (values as string[]).map((value) => `'${value}'`).join(' | ');
  if (Array.isArray(type)) return (type as string[]).join(' | ');
  if (type === 'array') {
    const inner = show(items as Shape, indent);
    return /[ |]/.test(inner) && !inner.startsWith('{') ? `(${inner})[]` : `${inner}[]`;
  }
  if (type === 'integer') return 'number';
  if (type !== 'object') return typeof type === 'string' ? type : 'unknown';
  if (properties === undefined) return `{ [name: string]: ${show(additionalProperties as Shape, indent)} }`;
  const lines = Object.entries(properties as Record<string, Shape>).map(
    ([name, inner]) => `${indent}  ${name}: ${show(inner, `${indent}  `)};`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}
