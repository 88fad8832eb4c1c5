interface SystemError {
  readonly message: string;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
  /** Where a file is copied to. */
  readonly dest?: unknown;
  readonly address?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
  readonly cause?: unknown;
}

/** What the command line says of a failure: a sentence where the system has codes. Never throws. */
export function sentenceOf(error: unknown): string {
  const { message, code, syscall, path, dest = path, address, hostname, port, cause }: SystemError = errorOf(error);
  if (message === 'fetch failed') return `The collector does not answer: ${words(errorOf(cause))}.`;
  if (code === 'EADDRINUSE') return `Port ${String(port)} is in use: choose another one, or 0 for any that is free.`;
  if (code === 'EACCES' && syscall === 'listen') return `Port ${String(port)} may not be used: choose one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `${String(address)} is no address of this machine.`;
  if (syscall === 'getaddrinfo') return `${String(hostname)} is no address of this machine.`;
  if (typeof dest === 'string') return `${dest} cannot be used: ${words({ message, code })}.`;
  if (syscall === 'write') return `The file cannot be written: ${words({ message, code })}.`;
  return message;
}

function errorOf(thrown: unknown): SystemError {
  return thrown instanceof Error ? thrown : { message: String(thrown) };
}

/** `ENOENT: no such file or directory, mkdir '…'` without code, call and path. Errors of several attempts have a code alone. */
function words({ message, code }: SystemError): string {
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '[^]*)?$/, '') || String(code);
}
