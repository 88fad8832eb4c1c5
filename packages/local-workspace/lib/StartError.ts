import type { LocalWorkspaceOptions } from './options';

interface SystemError {
  code?: unknown;
  syscall?: unknown;
  path?: unknown;
  message: string;
}

/** Why a workspace does not start: a sentence, with the code and the cause of what happened. */
export class StartError extends Error {
  readonly code: string | undefined;

  constructor(error: unknown, options: LocalWorkspaceOptions) {
    super(sentence(error, options), { cause: error });
    this.name = 'StartError';
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    this.code = typeof code === 'string' ? code : undefined;
  }
}

function sentence(error: unknown, options: LocalWorkspaceOptions): string {
  const { code, syscall, message }: SystemError = error instanceof Error ? error : { message: String(error) };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${options.port} is in use: choose another one, or 0 for any that is free.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${options.host} is no address of this machine.`;
    default:
  }
  if (code === 'EACCES' && syscall === 'listen') return `Port ${options.port} may not be used: choose one above 1023.`;
  if (syscall === 'mkdir' || syscall === 'stat')
    return `The folder ${options.dataDir} cannot be used: ${reason(message)}.`;
  return databaseFailure(message, options.dataDir) ?? tlsFailure(code) ?? message;
}

/** DuckDB reports errors as text alone. */
function databaseFailure(message: string, dataDir: string | undefined): string | undefined {
  const lock = /Could not set lock on file[^]*?\(PID (\d+)\)/.exec(message);
  if (lock) return `The database in ${dataDir} is in use by another process (PID ${lock[1]}).`;
  const [firstLine = ''] = message.split('\n');
  return dataDir !== undefined && /^(?:IO|Serialization) Error: /.test(message)
    ? `The database in ${dataDir} cannot be opened: ${firstLine.replace(/^\w+ Error: /, '')}`
    : undefined;
}

function tlsFailure(code: unknown): string | undefined {
  return typeof code === 'string' && code.startsWith('ERR_OSSL')
    ? 'The certificate and key to serve with are not a certificate and its private key (PEM).'
    : undefined;
}

/** `ENOENT: no such file or directory, mkdir '…'` without what the sentence says already. */
function reason(message: string): string {
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+ '[^]*$/, '');
}
