/** `word` in any case. Rules carry no flags: each text rule is built of several sources. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function anyOf(...sources: readonly string[]): string {
  return `(?:${sources.join('|')})`;
}

/** What names are made of: words, acronyms and numbers. Each piece ends where it must, so that nothing is tried twice. */
const PIECES = [
  String.raw`[A-Z]+[a-z]{2,}(?![a-z])`,
  String.raw`[a-z]{3,}(?![a-z])`,
  String.raw`[A-Z]+(?![A-Za-z])`,
  String.raw`\d+(?!\d)`,
];

/**
 * A run of at least 40 letters, digits and `others` with digits, small and capital letters in it that is not made of words.
 * Looked for where a run begins, so that the rule stays linear.
 */
function randomRun(others: string): string {
  const set = String.raw`A-Za-z\d${others}`;
  const [digit, small, capital] = [String.raw`\d`, 'a-z', 'A-Z'].map((kind) => `(?=[${set}]*?[${kind}])`);
  const isName = `${anyOf(...PIECES, `[${others}]`)}+(?![${set}])`;
  return `(?<![${set}])(?=[${set}]{40})${digit}${small}${capital}(?!${isName})`;
}

const DATABRICKS = ['dapi', 'dsapi', 'dkea', 'dskea', 'dose', 'doau'].map(anyCase);

/** A character of a URL as it is, escaped within JSON, or percent-encoded. */
const SLASH = String.raw`(?:\\{0,8}\/|%2[Ff])`;
const AT = '(?:@|%40)';
const SPACE = '(?: |\\+|%20)';
const ASSIGNS = String.raw`\\{0,8}(?:["']|%2[27])?(?: |%20){0,2}(?:[:=]|%3[AaDd])`;

/** What only a credential looks like, wherever it stands. Ids of 32 hexadecimal digits, with hyphens or without, do not. */
const CREDENTIALS = [
  // Databricks tokens and secrets; after a letter only those that cannot be the end of a word.
  String.raw`(?<![A-Za-z])${anyOf(...DATABRICKS)}[\w-]{8}`,
  String.raw`${anyOf(...DATABRICKS)}[\da-fA-F]{16}`,
  // JWTs: the beginning of an object in Base64.
  String.raw`(?<![A-Za-z])${anyCase('ey')}[jJ][\w-]{8}`,
  anyOf(...['eyjhbgci', 'eyj0exai', 'eyjrawqi', 'ewogicj'].map(anyCase)),
  // AWS: ids of keys, which an id in hexadecimal that happens to hold `acca` is not. Azure: client secrets. Google: API keys,
  // client secrets, access tokens.
  String.raw`(?![\da-fA-F]{20})${anyOf(...['akia', 'asia', 'abia', 'acca', 'aroa', 'aida'].map(anyCase))}(?=[A-Za-z]{0,15}\d)[A-Za-z0-9]{16}`,
  String.raw`\dQ~[\w.~-]{31}`,
  String.raw`AIza[\w-]{35}`,
  String.raw`GOCSPX-[\w-]{20}`,
  String.raw`ya29\.[\w-]{16}`,
  // Private keys in PEM.
  '-----BEGIN',
  // Hexadecimal and Base64 of thirty bytes and more, escaped or not.
  String.raw`(?<![\da-fA-F])[\da-fA-F]{40}`,
  randomRun('_+~-'),
  randomRun(String.raw`+/%\\`),
  // User and password in a URL.
  `(?<!${SLASH})${SLASH}${SLASH}(?:(?!${SLASH}|%[34][0Ff])[^\\s?#@])*${AT}`,
];

/** In a text of several words: what follows the name of a scheme or a secret. */
const NAMED = [
  String.raw`${anyOf(anyCase('bearer'), anyCase('basic'))}${SPACE}{1,3}[\w+/=.~-]{16}`,
  String.raw`${anyOf(
    ...['password', 'passwd', 'pwd', 'secret', 'token', 'authorization', 'signature', 'credential'].map(anyCase),
    `${anyCase('a')}(?:${anyCase('pi')}|${anyCase('ccount')}|${anyCase('ccess')})[_-]?${anyCase('key')}`,
    `(?<![A-Za-z])${anyCase('sig')}`,
  )}${ASSIGNS}`,
];

/** Source of a pattern for what looks like a credential, also by the name of a secret before it. */
export const CREDENTIAL = anyOf(...CREDENTIALS, ...NAMED);
const SOMEWHERE = new RegExp(CREDENTIAL);
const ITSELF = new RegExp(anyOf(...CREDENTIALS));

/** Whether something in `text` looks like a credential. Never throws. */
export function hasCredential(text: string): boolean {
  return SOMEWHERE.test(text);
}

/** Whether `word` has the form of a credential, whatever is written before it. Never throws. */
export function isCredential(word: string): boolean {
  return ITSELF.test(word);
}
