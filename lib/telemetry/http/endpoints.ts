import type { Slot } from '../hosts/HostRegistry';

/** Two places where a workspace may listen for telemetry. */
type Layout = 'api' | 'root';
export type ExportMode = 'authenticated' | 'unauthenticated';

const PATHS: Record<ExportMode, Record<Layout, string>> = {
  authenticated: { api: '/api/2.0/sql/telemetry-ext', root: '/telemetry-ext' },
  unauthenticated: { api: '/api/2.0/sql/telemetry-unauth', root: '/telemetry-unauth' },
};

const OTHER: Record<Layout, Layout> = { api: 'root', root: 'api' };

/** Which of a host's two endpoints answers, as far as is known. */
export class EndpointMemory {
  private readonly layouts = new Map<ExportMode, Layout>();

  /** The path to ask first and the one to ask when that answers 404. */
  paths(mode: ExportMode): readonly [first: string, second: string] {
    const layout = this.layouts.get(mode) ?? 'api';
    return [PATHS[mode][layout], PATHS[mode][OTHER[layout]]];
  }

  /** The second path answered where the first did not: ask it first from now on. */
  preferSecond(mode: ExportMode): void {
    this.layouts.set(mode, OTHER[this.layouts.get(mode) ?? 'api']);
  }
}

export const ENDPOINT_SLOT: Slot<EndpointMemory> = { create: () => new EndpointMemory() };
