import type IOperationBackend from '@databricks/sql/dist/contracts/IOperationBackend';
import type ISessionBackend from '@databricks/sql/dist/contracts/ISessionBackend';
import Status from '@databricks/sql/dist/dto/Status';

const done = async (): Promise<Status> => Status.success();

/** A finished statement whose pages have the given numbers of rows, or whose fetch fails. */
export class PagedBackend implements IOperationBackend {
  readonly cancel = done;
  readonly close = done;
  readonly hasResultSet = (): boolean => true;
  readonly waitUntilReady = async (): Promise<void> => undefined;

  constructor(
    readonly id: string,
    private readonly pages: number[],
    private readonly failure?: Error,
  ) {}

  async fetchChunk(): Promise<object[]> {
    if (this.failure !== undefined) throw this.failure;
    return Array.from({ length: this.pages.shift() ?? 0 }, () => ({}));
  }

  async hasMore(): Promise<boolean> {
    return this.pages.length > 0;
  }

  status = (): never => expectUnused();
  getResultMetadata = (): never => expectUnused();
}

function expectUnused(): never {
  throw new Error('not used');
}

/** A session whose every statement is `operation`. */
export function sessionOf(operation: IOperationBackend): ISessionBackend {
  const own = { id: 'session-of-a-kernel', close: done } as Partial<ISessionBackend>;
  const submit = async (): Promise<IOperationBackend> => operation;
  return new Proxy(own, { get: (target, name): unknown => Reflect.get(target, name) ?? submit }) as ISessionBackend;
}
