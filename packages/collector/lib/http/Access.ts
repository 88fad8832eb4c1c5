import type { IncomingMessage } from 'node:http';
import { isLoopback, type Settings } from '../options';
import { Tokens } from './Tokens';

/** Who may do what: sending, reading, steering. `open` is for everyone. */
export type Role = 'send' | 'read' | 'admin' | 'open';

export type Decision = 'granted' | 'unauthorized' | 'forbidden';

/** Different tokens for sending, reading and steering; a steering token also reads. */
export class Access {
  private readonly send: Tokens;
  private readonly read: Tokens;
  private readonly admin: Tokens;
  private readonly loopback: boolean;

  constructor(settings: Pick<Settings, 'send' | 'read' | 'admin' | 'host'>) {
    this.send = new Tokens(settings.send);
    this.read = new Tokens(settings.read);
    this.admin = new Tokens(settings.admin);
    this.loopback = isLoopback(settings.host);
  }

  decide(role: Role, message: IncomingMessage): Decision {
    const nowMs = performance.now();
    switch (role) {
      case 'open':
        return 'granted';
      case 'send':
        return this.check([this.send], this.loopback, message, nowMs);
      case 'read':
        return this.check([this.read, this.admin], this.loopback && !this.read.configured, message, nowMs);
      case 'admin':
        return this.check([this.admin], this.loopback && !this.read.configured, message, nowMs);
    }
  }

  /** Whether `role` asks for a token. */
  guarded(role: 'send' | 'read' | 'admin'): boolean {
    return { send: this.send, read: this.read, admin: this.admin }[role].configured;
  }

  private check(accepted: readonly Tokens[], openWithout: boolean, message: IncomingMessage, nowMs: number): Decision {
    const [own] = accepted;
    if (own?.configured !== true && openWithout) return 'granted';
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(message.headers.authorization ?? '')?.[1];
    if (token === undefined) return 'unauthorized';
    // No short cut: each is asked.
    const granted = accepted.map((tokens) => tokens.accepts(token, nowMs));
    if (granted.includes(true)) return 'granted';
    const known = [this.send, this.read, this.admin].map((tokens) => tokens.accepts(token, nowMs));
    return known.includes(true) ? 'forbidden' : 'unauthorized';
  }
}
