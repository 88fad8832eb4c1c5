import { own } from '../../own';
import type { CopyInto } from '../../sql/copyInto';
import { identifier, literal } from '../../sql/quote';
import { SqlError, unsupported } from '../../sql/SqlError';

/** Options that have no bearing on what is read here. */
const WITHOUT_EFFECT = new Set(['mergeschema', 'inferschema', 'multiline', 'header']);

const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\n': '\n' };

/** Whether an option is `true`. Throws for what is neither that nor `false`. */
export function isSet(options: ReadonlyMap<string, string>, name: string): boolean {
  const value = (options.get(name) ?? 'false').toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  throw new SqlError('INVALID_PARAMETER_VALUE', '22023', `The option ${name} must be true or false.`);
}

/** The table function of DuckDB that reads `files` as Spark would. Throws for options that it cannot honour. */
export function readerOf(
  { format, formatOptions: options }: Pick<CopyInto, 'format' | 'formatOptions'>,
  files: readonly string[],
): string {
  const list = `[${files.map(withoutPatterns).map(literal).join(', ')}]`;
  switch (format) {
    case 'PARQUET':
      refuseOthers(options, []);
      return `read_parquet(${list}, union_by_name = true)`;
    case 'JSON':
      refuseOthers(options, []);
      return `read_json(${list}, format = ${isSet(options, 'multiline') ? "'auto'" : "'newline_delimited'"}, union_by_name = true, sample_size = -1)`;
    case 'CSV': {
      refuseOthers(options, ['delimiter', 'sep', 'quote', 'escape', 'nullvalue', 'encoding']);
      if (!/^utf-?8$/i.test(options.get('encoding') ?? 'utf-8')) throw unsupported('An encoding other than UTF-8');
      const delimiter = options.get('delimiter') ?? options.get('sep') ?? ',';
      const parameters = [
        `header = ${isSet(options, 'header')}`,
        `delim = ${literal(own(ESCAPES, delimiter) ?? delimiter)}`,
        `quote = ${literal(options.get('quote') ?? '"')}`,
        `escape = ${literal(options.get('escape') ?? '\\')}`,
        `nullstr = ['', ${literal(options.get('nullvalue') ?? '')}]`,
        'allow_quoted_nulls = false',
        `all_varchar = ${!isSet(options, 'inferschema')}`,
        'null_padding = true',
        'sample_size = -1',
      ];
      return `read_csv(${list}, ${parameters.join(', ')})`;
    }
  }
}

/** The columns of the reader under the names that Spark gives them. */
export function renamed(
  columns: readonly string[],
  { format, formatOptions }: Pick<CopyInto, 'format' | 'formatOptions'>,
): string {
  if (format !== 'CSV' || isSet(formatOptions, 'header')) return '*';
  return columns.map((name, index) => `${identifier(name)} AS ${identifier(`_c${index}`)}`).join(', ');
}

/** DuckDB takes `*`, `?` and `[` in a name for a pattern. */
function withoutPatterns(file: string): string {
  return file.replaceAll(/[*?[]/g, '[$&]');
}

function refuseOthers(options: ReadonlyMap<string, string>, known: readonly string[]): void {
  for (const name of options.keys()) {
    if (!known.includes(name) && !WITHOUT_EFFECT.has(name)) throw unsupported(`The format option ${name}`);
  }
}
