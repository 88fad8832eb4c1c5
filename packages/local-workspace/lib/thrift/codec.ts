import { TBinaryProtocol, TBufferedTransport, Thrift } from 'thrift';
import { Processor } from '@databricks/sql/thrift/TCLIService';
import type { TStatus } from '@databricks/sql/thrift/TCLIService_types';
import * as ttypes from '@databricks/sql/thrift/TCLIService_types';
import { OutputProtocol } from './OutputProtocol';
import { isRpcName, RPC_NAMES, type ErrorAnswer, type RpcHandlers, type RpcName } from './rpc';

const VERSION_MASK = 0xffff0000;
const VERSION_1 = 0x80010000;
const MAX_NAME_BYTES = 128;

/** The call that a strict binary Thrift message makes, undefined when it is none that is served. Total. */
export function peekRpcName(body: Buffer): RpcName | undefined {
  if (body.length < 8 || (body.readUInt32BE(0) & VERSION_MASK) >>> 0 !== VERSION_1) return undefined;
  const length = body.readUInt32BE(4);
  if (length > MAX_NAME_BYTES || body.length < 8 + length) return undefined;
  const name = body.toString('latin1', 8, 8 + length);
  return isRpcName(name) ? name : undefined;
}

export type ThriftAnswer = { kind: 'answer'; body: Buffer } | { kind: 'malformed'; message: string };

type Callback = (error: unknown, result: unknown) => void;

/**
 * Decodes one call, lets `handlers` answer it and encodes the answer. A handler that rejects becomes a
 * TApplicationException, bytes that are no call become 'malformed'. Never rejects.
 */
export function processCall(body: Buffer, handlers: RpcHandlers, forced?: TStatus): Promise<ThriftAnswer> {
  return new Promise((resolve) => {
    const out = new TBufferedTransport(undefined, (message) =>
      resolve({ kind: 'answer', body: message ?? Buffer.alloc(0) }),
    );
    const malformed = (error: unknown): void =>
      resolve({ kind: 'malformed', message: error instanceof Error ? error.message : String(error) });
    const processor = new Processor(callbackHandlers(handlers, forced, malformed));
    try {
      TBufferedTransport.receiver((input) => {
        processor.process(new TBinaryProtocol(input), new OutputProtocol(out));
        input.commitPosition();
      }, 0)(body);
    } catch (error) {
      malformed(error);
    }
  });
}

function callbackHandlers(
  handlers: RpcHandlers,
  forced: TStatus | undefined,
  unwritable: (error: unknown) => void,
): object {
  return Object.fromEntries(
    RPC_NAMES.map((name) => [
      name,
      (request: never, callback: Callback) => {
        const answer: Promise<unknown> = forced
          ? Promise.resolve(forcedAnswer(name, forced))
          : Promise.resolve(request).then((req) => handlers[name](req));
        answer
          .then(
            (result) => callback(null, result),
            (error: unknown) => callback(applicationException(error), null),
          )
          .catch(unwritable);
      },
    ]),
  );
}

function forcedAnswer(name: RpcName, status: TStatus): ErrorAnswer {
  switch (name) {
    case 'OpenSession':
      return new ttypes.TOpenSessionResp({
        status,
        serverProtocolVersion: ttypes.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V8,
      });
    case 'GetInfo':
      return new ttypes.TGetInfoResp({ status, infoValue: new ttypes.TGetInfoValue({ stringValue: '' }) });
    default: {
      const types = ttypes as unknown as Record<string, new (args: ErrorAnswer) => ErrorAnswer>;
      const Response = types[`T${name}Resp`] as new (args: ErrorAnswer) => ErrorAnswer;
      return new Response({ status });
    }
  }
}

function applicationException(error: unknown): Thrift.TApplicationException {
  const message = error instanceof Error ? error.message : String(error);
  return new Thrift.TApplicationException(Thrift.TApplicationExceptionType.INTERNAL_ERROR, message);
}
