import type { Place } from '../context';
import type { Typed } from '../Typed';
import { AGGREGATE_RULES } from './aggregates';
import { ARRAY_RULES } from './arrays';
import { DATE_RULES } from './dates';
import { FORMAT_RULES } from './formats';
import { HASH_RULES } from './hashes';
import { JSON_RULES } from './json';
import { LAMBDA_RULES } from './lambdas';
import { MAP_RULES } from './maps';
import { NUMBER_RULES } from './numbers';
import { GENERAL_RULES } from './general';
import { REGEXP_RULES } from './regexps';
import { STRING_RULES } from './strings';
import { WINDOW_RULES } from './windowFunctions';

/** What stands around a call. */
export interface CallClauses {
  readonly distinct?: boolean;
  readonly ignoreNulls?: boolean;
  /** Condition of FILTER, as text. */
  readonly filter?: string;
  /** Keys of WITHIN GROUP. */
  readonly orderBy?: readonly unknown[];
  /** What follows OVER, as text. */
  readonly over?: string;
}

export interface Call {
  readonly name: string;
  readonly args: readonly Typed[];
  /** The arguments in the tree, for functions that read them themselves. */
  readonly nodes: readonly unknown[];
  readonly place: Place;
  readonly clauses: CallClauses;
}

export type Rule = (call: Call) => Typed;

/** Functions that need more than a template. Put together at the first use: the parts need each other. */
export function rules(): Readonly<Record<string, Rule | undefined>> {
  return (known ??= {
    ...GENERAL_RULES,
    ...NUMBER_RULES,
    ...STRING_RULES,
    ...REGEXP_RULES,
    ...HASH_RULES,
    ...FORMAT_RULES,
    ...DATE_RULES,
    ...ARRAY_RULES,
    ...MAP_RULES,
    ...LAMBDA_RULES,
    ...JSON_RULES,
    ...AGGREGATE_RULES,
    ...WINDOW_RULES,
  });
}

let known: Readonly<Record<string, Rule | undefined>> | undefined;
