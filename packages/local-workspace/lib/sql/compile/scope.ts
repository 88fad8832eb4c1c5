import type { SqlType } from '../../engine/types';
import { identifier, shownName } from '../quote';
import { SqlError, syntaxError } from '../SqlError';
import { fieldOf } from './cast';
import { mismatch, unresolvedColumn } from './failures';
import type { Column, Typed } from './Typed';

/** A relation in FROM: its columns under its alias. */
export interface Source {
  /** As text that qualifies a column. */
  readonly qualifier: string;
  /** Names that a query may qualify with, in lower case: `t`, `s.t`, `c.s.t`. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  /** Columns that stand for those of a join with USING, by lower-case name. */
  readonly hidden?: ReadonlySet<string>;
}

/** How many columns, calls and names a query has met. */
export type Noted = Readonly<Record<'bare' | 'aggregates' | 'windows' | 'outerReferences', number>>;

/** What names mean at a place of a query. */
export class Scope {
  readonly sources: Source[] = [];
  /** Columns that a join with USING merged, by lower-case name. */
  readonly merged = new Map<string, Typed>();
  /** Aliases of the select list so far. */
  readonly aliases = new Map<string, Typed>();
  /** Set while the select list is compiled. */
  isInList = false;
  /** WHERE sees the rows before the select list. */
  hidesAliases = false;
  /** Conditions that the rows of the query have to meet besides those of its WHERE. */
  readonly demands = new Set<string>();
  /** What the query groups by. */
  readonly groupKeys = new Set<string>();
  /** Columns of its own that stand outside of aggregate functions, and of what it groups by. */
  readonly bare: string[] = [];
  /** Aggregate functions that are called, and windows that functions are asked over. */
  readonly aggregates: string[] = [];
  readonly windows: string[] = [];
  /** Calls of grouping() and grouping_id(), by their arguments. */
  readonly groupings: { name: string; args: readonly string[] }[] = [];
  /** Windows over which functions that have a frame of their own are asked, by name. */
  readonly frameless = new Set<string>();
  /** Names that queries inside of it have found in it. */
  readonly outerNames: string[] = [];
  /** A scalar subquery that depends on its rows stands outside of aggregate functions. */
  hasLooseSubquery = false;
  private readonly variables = new Map<string, Typed>();

  constructor(
    readonly parent?: Scope,
    /** Lambdas nest in the scope of their query. */
    private readonly isLambda = false,
  ) {}

  withVariables(variables: readonly { name: string; value: Typed }[]): Scope {
    const inner = new Scope(this, true);
    for (const { name, value } of variables) inner.variables.set(name.toLowerCase(), value);
    return inner;
  }

  /** How many lambdas are around this place. */
  get depth(): number {
    return this.isLambda ? 1 + (this.parent?.depth ?? 0) : 0;
  }

  /** The scope of the query that this place belongs to. */
  get query(): Scope {
    return this.isLambda && this.parent ? this.parent.query : this;
  }

  /** The value of `a.b.c`: a column, a variable, an alias, or a field of one. Throws when there is none. */
  resolve(parts: readonly string[]): Typed {
    const found = this.find(parts);
    if (found) return found;
    throw unresolvedColumn(parts.join('`.`'));
  }

  /** How much was noted so far. */
  get noted(): Noted {
    const { bare, aggregates, windows, outerNames } = this;
    return {
      bare: bare.length,
      aggregates: aggregates.length,
      windows: windows.length,
      outerReferences: outerNames.length,
    };
  }

  /** Notes a column of its own, unless the query groups by it or by what it is a field of. */
  noteBare({ sql }: Typed): void {
    const isOwn = this.sources.some(({ qualifier }) => sql.includes(`${qualifier}.`));
    if (isOwn && ![...this.groupKeys].some((key) => sql.includes(key))) this.bare.push(sql);
  }

  /** The name of the column in `t.a.b` or `a.b`. */
  private columnNameOf([first = '', second]: readonly string[]): string {
    const wanted = first.toLowerCase();
    const isRelation = this.sources.some(({ names }) => names.includes(wanted));
    if (isRelation && second !== undefined) return second;
    return this.parent && !this.sources.some((source) => columnsOf(source, first).length > 0)
      ? this.parent.query.columnNameOf([first, ...(second === undefined ? [] : [second])])
      : first;
  }

  private find(parts: readonly string[]): Typed | undefined {
    const [first = '', ...rest] = parts;
    const variable = this.variables.get(first.toLowerCase());
    if (variable) return fields(variable, rest);
    const own = this.isLambda ? undefined : (this.column(parts) ?? this.alias(first, rest));
    if (own || !this.parent) return own;
    const outer = this.parent.find(parts);
    if (outer && !this.isLambda) this.parent.query.outerNames.push(this.parent.query.columnNameOf(parts));
    return outer;
  }

  /** Whether a name means an alias of the select list, since no column is called so. */
  isAliasAlone(name: string): boolean {
    return this.aliases.has(name.toLowerCase()) && this.column([name]) === undefined;
  }

  private alias(name: string, rest: readonly string[]): Typed | undefined {
    const alias = this.hidesAliases ? undefined : this.aliases.get(name.toLowerCase());
    return alias && fields(alias, rest);
  }

  private column(parts: readonly string[]): Typed | undefined {
    for (let length = Math.min(3, parts.length - 1); length > 0; length--) {
      const name = parts.slice(0, length).join('.').toLowerCase();
      const qualified = this.sources.filter((candidate) => candidate.names.includes(name));
      const [column, other] = qualified.flatMap((source) => columnsOf(source, parts[length] ?? ''));
      if (other) throw ambiguous(parts.join('`.`'));
      if (column) return fields(column, parts.slice(length + 1));
    }
    const [name = '', ...rest] = parts;
    const merged = this.merged.get(name.toLowerCase());
    if (merged) return fields(merged, rest);
    const candidates = this.sources.flatMap((source) => columnsOf(source, name));
    if (candidates.length > 1) throw ambiguous(name);
    return candidates[0] && fields(candidates[0], rest);
  }

  /** Every column of `name`, or of all relations. Throws for an unknown name. */
  star(name: string | undefined): { column: Column; value: Typed }[] {
    if (name !== undefined) {
      const source = this.sources.find(({ names }) => names.includes(name.toLowerCase()));
      // Columns of USING come first here, too.
      const first = (column: Column): number => (this.merged.has(column.name.toLowerCase()) ? 0 : 1);
      const columns = [...(source?.columns ?? [])].sort((a, b) => first(a) - first(b));
      if (source) return columns.map((column) => ({ column, value: valueOf(source, column) }));
      throw unresolvedColumn(`${name}\`.\`*`);
    }
    const merged = [...this.merged].map(([key, value]) => ({
      column: { name: this.nameOfMerged(key), type: value.type },
      value,
    }));
    const rest = this.sources.flatMap((source) =>
      source.columns
        .filter((column) => !this.merged.has(column.name.toLowerCase()))
        .map((column) => ({ column, value: valueOf(source, column) })),
    );
    return [...merged, ...rest];
  }

  private nameOfMerged(key: string): string {
    const columns = this.sources.flatMap((source) => source.columns);
    return columns.find((column) => column.name.toLowerCase() === key)?.name ?? key;
  }
}

function columnsOf(source: Source, name: string): Typed[] {
  const wanted = name.toLowerCase();
  return source.columns
    .filter((candidate) => shownName(candidate.name).toLowerCase() === wanted)
    .map((column) => valueOf(source, column));
}

function ambiguous(name: string): SqlError {
  return new SqlError('AMBIGUOUS_REFERENCE', '42704', `Reference \`${name}\` is ambiguous.`);
}

function valueOf(source: Source, column: Column): Typed {
  return { sql: `${source.qualifier}.${identifier(column.name)}`, type: column.type };
}

/** The field of a field … of a struct. Throws when there is none. */
export function fields(value: Typed, path: readonly string[]): Typed {
  return path.reduce((inner, name) => fieldValue(inner, name), value);
}

export function fieldValue({ sql, type }: Typed, name: string): Typed {
  if (type.kind === 'array' && type.element.kind === 'struct') {
    const field = fieldNamed(type.element.fields, name);
    return {
      sql: `list_transform(${sql}, lambda __f: ${fieldOf('__f', field.name)})`,
      type: { kind: 'array', element: field.type },
    };
  }
  if (type.kind === 'map')
    return { sql: `map_extract_value(${sql}, '${name.replaceAll("'", "''")}')`, type: type.value };
  if (type.kind === 'array') throw mismatch(`the field \`${name}\``);
  if (type.kind !== 'struct') {
    throw new SqlError(
      'INVALID_EXTRACT_BASE_FIELD_TYPE',
      '42000',
      `Can't extract a value from a value that is no struct, array or map: field \`${name}\`.`,
    );
  }
  const field = fieldNamed(type.fields, name);
  return { sql: fieldOf(sql, field.name), type: field.type };
}

function fieldNamed(list: readonly { name: string; type: SqlType }[], name: string): { name: string; type: SqlType } {
  const field = list.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (field) return field;
  if (name === '*') throw syntaxError("'*'");
  throw new SqlError(
    'FIELD_NOT_FOUND',
    '42704',
    `No such struct field \`${name}\` in ${list.map((item) => `\`${item.name}\``).join(', ')}.`,
  );
}
