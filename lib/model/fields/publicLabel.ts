/** `word` in any case. Rules carry no flags: each text rule is built of several sources. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function oneOf(...sources: readonly string[]): string {
  return `(?:${sources.join('|')})`;
}

/**
 * A run of at least `atLeast` characters of `set` with digits, small and capital letters in it, as few names have them.
 * Looked for where a run begins, so that the rule stays linear.
 */
function mixedRun(set: string, atLeast: number, lookahead = ''): string {
  const [digit, small, capital] = [String.raw`\d`, 'a-z', 'A-Z'].map((kind) => `(?=[${set}]*?[${kind}])`);
  return `(?<![${set}])(?=[${set}]{${atLeast}})${lookahead}${digit}${small}${capital}`;
}

const DATABRICKS = ['dapi', 'dsapi', 'dkea', 'dskea', 'dose', 'doau'].map(anyCase);

/** What only a credential looks like, wherever it stands. Ids of 32 hexadecimal digits, with hyphens or without, do not. */
const CREDENTIALS = [
  // Databricks tokens and secrets; after a letter only those that cannot be the end of a word.
  String.raw`(?<![A-Za-z])${oneOf(...DATABRICKS)}[\w-]{8}`,
  String.raw`${oneOf(...DATABRICKS)}[\da-fA-F]{16}`,
  // JWTs.
  String.raw`(?<![A-Za-z])${anyCase('ey')}[jJ][\w-]{8}`,
  'eyJ(?:hbGci|0eXAi|raWQi)',
  // Key ids of AWS, client secrets of Azure.
  String.raw`(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)(?=[A-Z]{0,15}\d)[A-Z0-9]{16}`,
  String.raw`\dQ~[\w.~-]{31}`,
  // Hexadecimal and Base64 of thirty bytes and more: in a path only the lengths that keys have.
  String.raw`(?<![\da-fA-F])[\da-fA-F]{40}`,
  mixedRun(String.raw`\w+~-`, 40),
  mixedRun('A-Za-z0-9+/', 40, '(?![A-Za-z0-9+/]{41})'),
  mixedRun('A-Za-z0-9+/', 60),
  // User and password in a URL.
  String.raw`(?<!\/)\/\/[^\s/?#@]*@`,
];

/** In a text of several words: what follows the name of a scheme or a secret. */
const NAMED = [
  String.raw`${oneOf(anyCase('bearer'), anyCase('basic'))} [\w+/=.-]{16}`,
  String.raw`${oneOf(
    ...['password', 'passwd', 'pwd', 'secret', 'token', 'authorization', 'signature'].map(anyCase),
    `${anyCase('api')}[_-]?${anyCase('key')}`,
  )} ?[:=]`,
];

const CREDENTIAL = oneOf(...CREDENTIALS, ...NAMED);
const SOMEWHERE = new RegExp(CREDENTIAL);

/** Whether something in `text` looks like a credential. Never throws. */
export function hasCredential(text: string): boolean {
  return SOMEWHERE.test(text);
}

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
