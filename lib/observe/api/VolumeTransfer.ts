import { stat } from 'node:fs/promises';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import type { Statement } from '../../model/Statement';
import type { Clock } from '../../util/clock';
import { volumeOperationNamed } from '../rpc/stagingOperation';
import { rareOf } from '../statement/progress';
import { HookedMethods, type HookState, type MethodHook } from './MethodHook';

/**
 * One transfer between a volume and a local file, which the driver makes inside the call that submits the statement. Its
 * facts are looked for beside that call: nothing here is waited for, and what cannot be learnt is left out.
 */
export class VolumeTransfer {
  private localFile: string | undefined;
  private startedAtMs: number | undefined;
  private size: Promise<void> | undefined;

  constructor(private readonly statement: Statement) {}

  get statementId(): string | undefined {
    return this.statement.statementId;
  }

  /** Sees what the server asks the driver to transfer when the driver reads it from `operation`. */
  watch(operation: IOperation, observer: TransferObserver): void {
    instructions.install(operation, { observer, transfer: this });
  }

  /** The server's instruction, as the driver has it: one row. The path stays here. */
  instructed(rows: unknown, nowMs: number): void {
    const [row] = Array.isArray(rows) ? (rows as readonly (Instruction | null | undefined)[]) : [];
    if (this.statement.outcome !== undefined) return;
    rareOf(this.statement).volumeOperation ??= volumeOperationNamed(row?.operation);
    if (typeof row?.localFile === 'string') this.localFile = row.localFile;
    this.startedAtMs = nowMs;
  }

  /** The transfer succeeded. The local file is now as large as what was sent or received. */
  succeeded(nowMs: number): void {
    const { statement } = this;
    if (this.startedAtMs === undefined || statement.outcome !== undefined) return;
    const rare = rareOf(statement);
    rare.volumeTransferLatencyMs = nowMs - this.startedAtMs;
    if (this.localFile === undefined || rare.volumeOperation === 'DELETE') return;
    this.size = stat(this.localFile).then(
      ({ size }) => {
        // Nothing is added to a row that was given up meanwhile and sent.
        if (statement.eventId === undefined) rare.volumeBytes = size;
      },
      // Gone, or not for this process to see.
      () => undefined,
    );
  }

  /** Calls `then` when all is known that can be: at once, or when the file system has answered. */
  whenKnown(then: () => void): void {
    if (this.size === undefined) then();
    else void this.size.then(then);
  }
}

type TransferObserver = HookState['observer'] & { readonly clock: Clock };

interface Instruction {
  readonly operation?: unknown;
  readonly localFile?: unknown;
}

interface InstructionState extends HookState {
  readonly observer: TransferObserver;
  readonly transfer: VolumeTransfer;
}

const readingInstruction: MethodHook<InstructionState> = {
  after: ({ observer, transfer }, rows) => transfer.instructed(rows, observer.clock.now()),
};

const instructions = new HookedMethods<InstructionState>({ fetchAll: readingInstruction });
