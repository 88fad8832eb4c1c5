import type { IncomingMessage } from 'node:http';
import { hostIn } from '../receive/connectionFacts';
import { keep, LABEL, WORD, WORDS, ID, type Rule } from '../receive/rules';
import { accountIn } from './account';
import type { Sender, SenderOption } from './Senders';

const AGENT = /^[\w.-]{1,64}\/[\w.+-]{1,64} \(([^;()]{1,128})[;)]/;
const OPTION_NAME = /^[A-Za-z]\w{0,63}$/;
const MAX_OPTIONS = 100;

type Given = Readonly<Record<string, unknown>>;

/**
 * Who asks for a configuration: what a body or the query says, else what the user agent gives away. Values that do not
 * look like what they should be are left out.
 */
export function askedBy(
  message: IncomingMessage,
  path: Readonly<Record<string, string>>,
  given: Given,
  nowMs: number,
): Sender {
  const text = (name: string, rule: Rule): string | null => {
    const kept = keep(rule, given[name]);
    return typeof kept === 'string' ? kept : null;
  };
  const agent = keep(LABEL, AGENT.exec(message.headers['user-agent'] ?? '')?.[1]);
  const service = text('service', LABEL) ?? (typeof agent === 'string' ? agent : null);
  const address = `${message.socket.remoteAddress ?? ''}`;
  return {
    processId: text('processId', ID) ?? `${path['client'] ?? ''} ${service ?? ''} ${address}`,
    client: path['client'] ?? '',
    version: path['version'] ?? '',
    service,
    host: hostIn(given['host']) ?? null,
    library: text('libraryVersion', WORD),
    runtime: text('runtimeVersion', WORDS),
    lastMs: nowMs,
    options: optionsOf(given['options']),
    account: accountIn(given['account']),
  };
}

/** `{ name: value }` or `{ name: { value, setBy } }`. Strings are kept when they are one word. */
function optionsOf(options: unknown): SenderOption[] {
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(options)
    .filter(([name]) => OPTION_NAME.test(name))
    .slice(0, MAX_OPTIONS)
    .map(([name, stated]: [string, unknown]) => {
      const { value, setBy } =
        typeof stated === 'object' && stated !== null ? (stated as Given) : { value: stated, setBy: null };
      const source = keep(WORDS, setBy);
      return { name, value: valueOf(value), setBy: typeof source === 'string' ? source : null };
    });
}

function valueOf(value: unknown): SenderOption['value'] {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  const kept = keep(WORD, value);
  return typeof kept === 'string' ? kept : null;
}
