import { isCredential } from '../../util/credential';

/** Longer texts are cut; what explains an error stands at its beginning. */
const MAX_CHARACTERS = 4096;
/** Longer words are keys, blobs or data. It also bounds what the rules for words have to look at. */
const MAX_WORD_CHARACTERS = 200;

/** A quoted literal or name; without its closing quote it goes on to the end. */
const QUOTED = /'(?:[^'\\]|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|`[^`]*(?:`|$)/gs;

/** The beginning of a statement, after which nothing can be told from data. */
const SQL =
  /== ?SQL|\b(?:select|insert\s{1,8}(?:into|overwrite)|update\s{1,8}\S{1,200}\s{1,8}set|delete\s{1,8}from|merge\s{1,8}into|copy\s{1,8}into|truncate\s{1,8}table|(?:create|drop|alter|describe|show)\s{1,8}(?:or\s{1,8}replace\s{1,8})?(?:table|view|schema|database|catalog|function|volume|temporary|external|materialized)|with\s{1,8}\S{1,200}\s{1,8}as\s{0,8}\(|values\s{0,8}\(|call|put|get|remove|grant|revoke|use)\s/is;

/** The name of a secret or an authentication scheme, and the word that follows. */
const NAMED_SECRET =
  /(bearer\s{1,4}|basic\s{1,4}|(?:token|secret|password|passwd|pwd|api[_-]?key|authorization|signature)\s{0,4}[:=]\s{0,4})(?:(?:bearer|basic)\s{1,4})?[^\s,;&]+/gi;

const DATABRICKS_TOKEN = /(?:dapi|dsapi|dkea|dskea|dose)[\da-z-]{8}/i;
const JWT = /eyJ[\w-]{8}/;
const PATH = /^[^\w]*(?:(?:file|dbfs|s3a?|abfss?|gs|wasbs?):)?[/\\~]|^[^\w]*[a-z]:[/\\]|[/\\][^/\\]+[/\\]/i;
const DOTTED_NAME = /^\W*(?!(?:org|java|javax|scala|com)\.)[a-z_]\w*(?:\.[a-z_]\w*)+\W*$/i;
const URL_WORD = /^\W*(https?):\/\//i;

/**
 * Takes out of a text what may be personal or secret: credentials, tokens, secrets, URLs, paths, e-mail addresses, quoted
 * literals, qualified names, SQL. For in-process sinks that were asked for texts; nothing of it goes to the service.
 * Errs on the side of taking out too much. Linear in at most 4096 characters; never throws.
 */
export function redact(text: string): string {
  const unquoted = bounded(text).replace(QUOTED, '<quoted>');
  const sqlAt = unquoted.search(SQL);
  const withoutSql = sqlAt < 0 ? unquoted : `${unquoted.slice(0, sqlAt)}<sql>`;
  return withoutSql.replace(NAMED_SECRET, '$1<secret>').replace(/\S+/g, redactWord);
}

/** The beginning of a text, without the word in which it is cut: half a secret is not recognised. */
function bounded(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const head = text.slice(0, MAX_CHARACTERS);
  return `${head.slice(0, head.search(/\s\S*$/) + 1)}<cut>`;
}

function redactWord(word: string): string {
  if (word.length > MAX_WORD_CHARACTERS) return '<long>';
  if (DATABRICKS_TOKEN.test(word) || JWT.test(word)) return '<token>';
  if (word.includes('@')) return '<address>';
  if (URL_WORD.test(word)) return '<url>';
  if (isCredential(word)) return '<token>';
  if (PATH.test(word)) return '<path>';
  if (DOTTED_NAME.test(word)) return '<name>';
  return word;
}
