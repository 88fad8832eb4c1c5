/** Turns volume statements into queries whose single row tells the driver what to transfer, and where. */
export interface StagingCommands {
  put(local: string, remote: string, overwrite: boolean): string;
  get(remote: string, local: string): string;
  remove(remote: string): string;
}
