import { startLocalWorkspace, type LocalWorkspace, type StatementRecord } from '../lib';
import { RestClient } from './rest';

export const LINKS = { disposition: 'EXTERNAL_LINKS' } as const;
export const ARROW = { format: 'ARROW_STREAM' } as const;

/** A workspace of two tenants with small files, and a client of its Statement Execution API. */
export class Sea {
  readonly rest: RestClient;

  private constructor(readonly workspace: LocalWorkspace) {
    this.rest = new RestClient(workspace);
  }

  static async start(): Promise<Sea> {
    const cloudFetch = { maxRowsPerFile: 1000, linksPerFetch: 3 };
    return new Sea(await startLocalWorkspace({ tokens: ['one', 'two'], cloudFetch }));
  }

  record(id: string): StatementRecord {
    const [found] = this.workspace.received.statements({ statementId: id });
    if (!found) throw new Error(`no record of ${id}`);
    return found;
  }

  /** Status, code and message of what a statement with `body` is refused with. */
  async refusal(body: object | string): Promise<[number, unknown, unknown]> {
    const answer = await this.rest.call('POST', 'statements', body);
    const { error_code, message } = answer.json();
    return [answer.status, error_code, message];
  }
}
