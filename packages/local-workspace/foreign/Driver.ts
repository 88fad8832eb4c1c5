import type { Scenario } from './scenarios';

/** One execution of a driver's program: how it asks for results, and which scenarios it goes through. */
export interface Run {
  readonly mode: string;
  readonly scenarios: readonly Scenario[];
  /** Against a workspace that sends each of these results within an answer, where the others make files of them. */
  readonly attached?: true;
}

/** How a driver's program is started once it is installed. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The driver tells the name of its process, whatever name the application gives. */
  readonly namedByProcess?: boolean;
}

/** A driver: what is installed for it, and what it runs. */
export interface Driver {
  /** Name and version as its registry has them; the row of the table. */
  readonly name: string;
  readonly version: string;
  /** What the rest of its name says: `Thrift`, `SEA`. */
  readonly protocol: string;
  /** Whether this version posts telemetry to the address it queries. */
  readonly sendsTelemetry: boolean;
  readonly runs: readonly Run[];
  /** Installs what it needs into `cache`. A string says why that is not possible here: no toolchain. */
  install(cache: string): Command | string;
}

/** Row of the table. */
export function rowName({ name, version, protocol }: Driver): string {
  return `${name} ${version} (${protocol})`;
}
