import type { ExecutionContext } from '../engine/Execution';
import type { ResolvedCloudFetch } from '../options';
import type { StatementRecord } from '../received/types';
import type { FileStore } from '../results/FileStore';
import { StatementRun } from '../service/StatementRun';
import { manifestOf, statusOf } from './answers';
import { ApiError } from './ApiError';
import type { ResultWish } from './request';
import { writeResult, type SeaChunk, type SeaResult } from './SeaResult';

export interface SeaStatementSettings {
  record: StatementRecord;
  execution: ExecutionContext;
  wish: ResultWish;
  files: FileStore;
  cloudFetch: ResolvedCloudFetch;
  /** Zero: no limit. */
  timeoutMs: number;
  onClose: () => void;
}

/** How the client reaches the workspace, and whether a fault makes links useless. */
export interface LinkContext {
  origin: string;
  expired: boolean;
}

/** A statement as clients of the REST API see it. */
export class SeaStatement {
  readonly run: StatementRun<SeaResult>;
  private readonly handedOut = new Set<number>();

  constructor(private readonly settings: SeaStatementSettings) {
    const { record, execution, timeoutMs, onClose, wish, files, cloudFetch } = settings;
    this.run = new StatementRun({
      record,
      execution,
      timeoutMs,
      onClose,
      deliver: async (result) => {
        const written = await writeResult(result, wish, { files, cloudFetch, record });
        this.run.release();
        return written;
      },
    });
  }

  get record(): StatementRecord {
    return this.settings.record;
  }

  status(running: 'PENDING' | 'RUNNING'): object {
    return { statement_id: this.record.statementId, status: statusOf(this.run.state, running) };
  }

  /** Status and, when it succeeded, the manifest and the first part of the result. */
  async answer(running: 'PENDING' | 'RUNNING', links: LinkContext): Promise<object> {
    const { state } = this.run;
    const answer = this.status(running);
    if (state.kind !== 'finished') return answer;
    const { delivery } = state;
    const [first] = delivery.chunks;
    const result = first ? await this.part(delivery, first, links) : {};
    return { ...answer, manifest: manifestOf(delivery), result };
  }

  /** One chunk inline, or links from that chunk on. Throws an ApiError when there is none. */
  async chunk(index: number, links: LinkContext): Promise<object> {
    const { state, record } = this.run;
    if (state.kind !== 'finished') {
      const { state: name } = statusOf(state, 'RUNNING') as { state: string };
      throw new ApiError(
        400,
        'BAD_REQUEST',
        `The statement ${record.statementId} has no result: its state is ${name}.`,
      );
    }
    const chunk = state.delivery.chunks[index];
    if (!chunk) {
      const text = `chunk_index ${index} is out of range: the result has ${state.delivery.chunks.length} chunks.`;
      throw new ApiError(400, 'INVALID_PARAMETER_VALUE', text);
    }
    return this.part(state.delivery, chunk, links);
  }

  private async part(result: SeaResult, chunk: SeaChunk, links: LinkContext): Promise<object> {
    if (result.external) return { external_links: this.links(result, chunk, links) };
    this.count(chunk);
    const body = (await this.settings.files.read(chunk.fileId)) ?? Buffer.alloc(0);
    const data =
      result.format === 'ARROW_STREAM'
        ? { attachment: body.toString('base64') }
        : { data_array: JSON.parse(body.toString('utf8')) as unknown };
    return { ...this.place(result, chunk), ...data };
  }

  private links(result: SeaResult, from: SeaChunk, { origin, expired }: LinkContext): object[] {
    const { cloudFetch, files } = this.settings;
    return result.chunks.slice(from.index, from.index + cloudFetch.linksPerFetch).map((chunk) => {
      this.count(chunk);
      const expiresAtMs = expired ? Date.now() - 1000 : Date.now() + cloudFetch.linkTtlMs;
      return {
        ...this.place(result, chunk),
        external_link: origin + files.link(chunk.fileId, expiresAtMs),
        expiration: new Date(expiresAtMs).toISOString(),
      };
    });
  }

  private place(result: SeaResult, { index, rowOffset, rows, offered }: SeaChunk): object {
    const next = result.chunks[index + 1];
    return {
      chunk_index: index,
      row_offset: rowOffset,
      row_count: rows,
      byte_count: offered.bytes,
      ...(next && {
        next_chunk_index: next.index,
        next_chunk_internal_link: `/api/2.0/sql/statements/${this.record.statementId}/result/chunks/${next.index}?row_offset=${next.rowOffset}`,
      }),
    };
  }

  /** On the record a chunk counts once, however often it is asked for. */
  private count({ index, rows, offered }: SeaChunk): void {
    if (this.handedOut.has(index)) return;
    this.handedOut.add(index);
    this.record.rows += rows;
    this.record.resultBytes += offered.bytes;
    if (this.record.resultFormat !== 'cloudfetch') return;
    this.record.files.push(offered);
    this.record.filesOffered += 1;
  }
}
