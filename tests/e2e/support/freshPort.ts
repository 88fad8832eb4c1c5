interface Server {
  readonly port: number;
  close(): Promise<void>;
}

const used = new Set<number>();

/**
 * What `start` starts, on a port that no other test of this process has met: what the process remembers of a host (flag,
 * breaker, pauses) is kept by host and port, and the system may give out the port of a closed server again.
 */
export async function onFreshPort<T extends Server>(start: () => Promise<T>): Promise<T> {
  const server = await start();
  if (!used.has(server.port)) {
    used.add(server.port);
    return server;
  }
  await server.close();
  return onFreshPort(start);
}
