import type { FieldScope } from '../model/enums';

/** What every exporter of this library can be told. */
export interface SinkOptions {
  /** What statistics and debug lines call it; default: the name of its class. */
  readonly name?: string | undefined;
  /** The fields that it gets; default `Local`. */
  readonly scope?: FieldScope | undefined;
  /**
   * Share of the traces, and of the sessions of what is of no trace, from 0 to 1, whose records it gets; default 1. Failures
   * and slow statements come from all.
   */
  readonly sampleRate?: number | undefined;
  /** The redacted text of errors as well; default `false`. */
  readonly includesErrorText?: boolean | undefined;
}

export interface ChosenOptions {
  readonly name: string;
  readonly scope: FieldScope;
  readonly sampleRate: number;
  readonly includesErrorText: boolean;
}

/** `options` with the defaults. A value that cannot be meant is passed on, and closes where it is used. */
export function chosen(className: string, options: SinkOptions): ChosenOptions {
  const { name = className, scope = 'Local', sampleRate = 1, includesErrorText = false } = options;
  return { name, scope, sampleRate, includesErrorText };
}
