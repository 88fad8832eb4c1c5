import type { ErrorGroup, Errors } from '../../../../lib/store/queries/errors';
import { sumOf } from '../../format/numbers';

/** Errors that are called the same: by class, or where there is none by SQLSTATE, code or name. */
export interface ErrorKind {
  readonly kind: string | null;
  readonly errorClass: string | null;
  readonly sqlState: string | null;
  readonly httpStatus: number | null;
  readonly stages: readonly string[];
  readonly errors: number;
  /** The service that met it most. */
  readonly service: string | null;
  readonly services: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly example: string | null;
}

const kindOf = ({ errorClass, sqlState, errorCode, errorName }: ErrorGroup): string | null =>
  errorClass ?? sqlState ?? errorCode ?? errorName;

/** The groups of an answer by kind, the most frequent first. */
export function kindsOf({ groups }: Errors): ErrorKind[] {
  const kinds = new Map<string | null, ErrorGroup[]>();
  for (const group of groups) kinds.set(kindOf(group), [...(kinds.get(kindOf(group)) ?? []), group]);
  return [...kinds]
    .map(([kind, all]): ErrorKind => {
      const largest = all.reduce((most, group) => (group.errors > most.errors ? group : most));
      return {
        kind,
        errorClass: largest.errorClass,
        sqlState: largest.sqlState,
        httpStatus: largest.httpStatus,
        stages: [...new Set(all.flatMap(({ stage }) => stage ?? []))],
        errors: sumOf(all, ({ errors }) => errors),
        service: largest.service,
        services: Math.max(...all.map(({ services }) => services)),
        firstMs: Math.min(...all.map(({ firstMs }) => firstMs)),
        lastMs: Math.max(...all.map(({ lastMs }) => lastMs)),
        example: largest.examples[0] ?? null,
      };
    })
    .sort((a, b) => b.errors - a.errors);
}

export const kindName = (kind: string | null): string => kind ?? 'not told';
