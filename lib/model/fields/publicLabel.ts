import { CREDENTIAL } from '../../util/credential';

/**
 * The rule for a text that an application or a server chooses: all of it is `source`, and nothing in it looks like a
 * credential. Every text rule of the field table that lets such a text leave is made here.
 */
export function publicText(source: string): RegExp {
  return new RegExp(`^(?![^]*?${CREDENTIAL})${source}$`);
}

const UUID = String.raw`[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}`;

/** An id that a server gave. Nearly every one is a UUID, which is looked at first: it takes a tenth of the time. */
export const PUBLIC_ID = new RegExp(`^${UUID}$|${publicText(String.raw`[\w.:-]+`).source}`);

/** A label that the application gave itself, such as its name: printable ASCII. */
export const PUBLIC_LABEL = publicText('[ -~]+');

/** `label`, unless something in it looks like a credential. */
export function publicLabel(label: string | undefined): string | undefined {
  return label !== undefined && PUBLIC_LABEL.test(label) ? label : undefined;
}

/** One word: neither a path, an argument of a command line nor an e-mail address fits. */
export const PUBLIC_WORD = publicText(String.raw`[\w.+~#-]+`);

/** `word` when it is one. */
export function publicWord(word: string | undefined): string | undefined {
  return word !== undefined && PUBLIC_WORD.test(word) ? word : undefined;
}

/** A host name or address, with or without its scheme. */
export const PUBLIC_HOST = publicText(String.raw`(?:(?:https?:\/\/)?[\w.-]+|\[[\da-fA-F:.]+\])`);

/** `host` when it is one: not with user and password before it. */
export function publicHost(host: string | undefined): string | undefined {
  return host !== undefined && PUBLIC_HOST.test(host) ? host : undefined;
}

/** An HTTP path, of its query only the organisation. */
export const PUBLIC_HTTP_PATH = publicText(String.raw`\/[\w/.~-]*(?:\?o=\d+)?`);
