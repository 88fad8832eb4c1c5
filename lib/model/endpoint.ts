const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Whether `text` is the address of something that speaks HTTP. */
export function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
}

/** Whether `endpoint` names a server and no path: paths are appended, and the server is asked for a configuration. */
export function isBase(endpoint: string): boolean {
  const { pathname, search } = new URL(endpoint);
  return pathname === '/' && search === '';
}

/** Whether nobody on the way can read what is sent to `endpoint`: over TLS, or without leaving the machine. */
export function isConfidential(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || LOOPBACK.test(hostname);
}
