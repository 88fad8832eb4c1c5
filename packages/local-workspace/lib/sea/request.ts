import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import { invalid } from './ApiError';
import { choiceField, countField, tagsField, textField, type Body } from './body';
import { readParameters } from './parameters';

export const FORMATS = ['JSON_ARRAY', 'ARROW_STREAM', 'CSV'] as const;
export const DISPOSITIONS = ['INLINE', 'EXTERNAL_LINKS', 'INLINE_OR_EXTERNAL_LINKS'] as const;

export type SeaFormat = (typeof FORMATS)[number];
export type SeaDisposition = (typeof DISPOSITIONS)[number];

/** How a client wants its result. */
export interface ResultWish {
  format: SeaFormat;
  disposition: SeaDisposition;
  lz4: boolean;
  rowLimit: number | undefined;
  byteLimit: number | undefined;
}

export interface ExecuteRequest {
  statement: string;
  sessionId: string | undefined;
  catalog: string | undefined;
  schema: string | undefined;
  parameters: TSparkParameter[];
  /** As the drivers write them: `key:value,key`. */
  queryTags: string | undefined;
  waitMs: number;
  onWaitTimeout: 'CONTINUE' | 'CANCEL';
  wish: ResultWish;
}

/** Throws an ApiError that names the field. */
export function readExecuteRequest(body: Body): ExecuteRequest {
  const statement = textField(body, 'statement');
  if (statement === undefined || statement.trim() === '') throw invalid('statement must not be empty.');
  return {
    statement,
    sessionId: textField(body, 'session_id') || undefined,
    catalog: textField(body, 'catalog'),
    schema: textField(body, 'schema'),
    parameters: readParameters(body),
    queryTags: tagsField(body),
    waitMs: readWait(textField(body, 'wait_timeout')),
    onWaitTimeout: choiceField(body, 'on_wait_timeout', ['CONTINUE', 'CANCEL'], 'CONTINUE'),
    wish: readWish(body),
  };
}

function readWish(body: Body): ResultWish {
  const format = choiceField(body, 'format', FORMATS, 'JSON_ARRAY');
  const disposition = choiceField(body, 'disposition', DISPOSITIONS, 'INLINE');
  if (format === 'CSV' && disposition !== 'EXTERNAL_LINKS') {
    throw invalid('format CSV is supported with disposition EXTERNAL_LINKS only.');
  }
  return {
    format,
    disposition,
    lz4: choiceField(body, 'result_compression', ['NONE', 'LZ4_FRAME'], 'NONE') === 'LZ4_FRAME',
    rowLimit: countField(body, 'row_limit'),
    byteLimit: countField(body, 'byte_limit'),
  };
}

const DEFAULT_WAIT_SECONDS = 10;

function readWait(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_WAIT_SECONDS * 1000;
  const match = /^(\d{1,3})s$/.exec(text);
  const seconds = Number(match?.[1] ?? Number.NaN);
  if (seconds === 0 || (seconds >= 5 && seconds <= 50)) return seconds * 1000;
  throw invalid(`wait_timeout must be 0s or between 5s and 50s; it is '${text}'.`);
}
