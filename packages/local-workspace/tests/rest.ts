import type { LocalWorkspace } from '../lib';
import { request, type Answer } from './request';

export interface StatementAnswer {
  statement_id: string;
  status: {
    state: string;
    error?: { error_code: string; message: string };
    sql_state?: string;
    num_modified_rows?: number;
  };
  manifest?: {
    format: string;
    schema: { column_count: number; columns: Record<string, unknown>[] };
    total_chunk_count: number;
    total_row_count: number;
    total_byte_count: number;
    truncated: boolean;
    result_compression?: string;
    is_volume_operation?: boolean;
    chunks: { chunk_index: number; row_offset: number; row_count: number; byte_count: number }[];
  };
  result?: ResultPart;
}

export interface ResultPart {
  chunk_index?: number;
  row_offset?: number;
  row_count?: number;
  next_chunk_index?: number;
  next_chunk_internal_link?: string;
  data_array?: (string | null)[][];
  attachment?: string;
  external_links?: (ResultPart & { external_link: string; expiration: string; byte_count: number })[];
}

/** A plain client of the Statement Execution API. */
export class RestClient {
  constructor(
    private readonly workspace: LocalWorkspace,
    private readonly token = workspace.token,
  ) {}

  call(method: string, path: string, body?: object | string): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return request(this.workspace, {
      method,
      path: `/api/2.0/sql/${path}`,
      token: this.token,
      ...(text === undefined ? {} : { body: text }),
      timeoutMs: 20_000,
    });
  }

  async execute(statement: string, more: object = {}): Promise<StatementAnswer> {
    const answer = await this.call('POST', 'statements', {
      warehouse_id: this.workspace.warehouseId,
      statement,
      ...more,
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body.toString()}`);
    return answer.json() as unknown as StatementAnswer;
  }

  async get(id: string): Promise<StatementAnswer> {
    return (await this.call('GET', `statements/${id}`)).json() as unknown as StatementAnswer;
  }

  async chunk(id: string, index: number): Promise<ResultPart> {
    return (await this.call('GET', `statements/${id}/result/chunks/${index}`)).json();
  }

  /** Polls until the statement is no longer pending or running. */
  async finished(id: string): Promise<StatementAnswer> {
    for (;;) {
      const answer = await this.get(id);
      if (!['PENDING', 'RUNNING'].includes(answer.status.state)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The bytes behind an external link, which needs no token. */
  async download(link: string): Promise<Answer> {
    const { pathname, search } = new URL(link);
    return request(this.workspace, { method: 'GET', path: pathname + search });
  }

  async openSession(more: object = {}): Promise<string> {
    const answer = await this.call('POST', 'sessions', { warehouse_id: this.workspace.warehouseId, ...more });
    return String(answer.json()['session_id']);
  }
}
