import type { VolumeFolder } from './VolumeFolder';

/** Turns volume statements into queries whose single row tells the driver what to transfer, and where. */
export interface StagingCommands {
  /** The volumes themselves. */
  readonly folder: VolumeFolder;
  put(local: string, remote: string, overwrite: boolean): string;
  get(remote: string, local: string): string;
  remove(remote: string): string;
}
