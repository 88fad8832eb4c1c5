/** A token of Databricks, or a JWT. */
const TOKEN = String.raw`(?<![a-z])(?:dapi|dsapi|dkea|dskea|dose|eyJ)[\w-]{8}`;

/** What only a secret begins with, or a name that only a secret follows. */
const SECRETS = [
  TOKEN,
  String.raw`(?:bearer|basic) [\w+/=.-]{16}`,
  String.raw`(?:password|passwd|pwd|secret|token|api[_-]?key|authorization|signature) ?[:=]`,
];

/**
 * A label that the application gave itself, such as its name: printable ASCII without anything that looks like a
 * credential.
 */
export const PUBLIC_LABEL = new RegExp(`^(?!.*(?:${SECRETS.join('|')}))[ -~]+$`, 'i');

/** `label`, unless something in it looks like a credential. */
export function publicLabel(label: string | undefined): string | undefined {
  return label !== undefined && PUBLIC_LABEL.test(label) ? label : undefined;
}

/** One word that is no token: neither a path, an argument of a command line nor an e-mail address fits. */
export const PUBLIC_WORD = new RegExp(String.raw`^(?!.*${TOKEN})[\w.+~#-]+$`, 'i');

/** An HTTP path, of its query only the organisation, without a token in it. */
export const PUBLIC_HTTP_PATH = new RegExp(String.raw`^(?!.*${TOKEN})\/[\w/.~-]*(?:\?o=\d+)?$`, 'i');
