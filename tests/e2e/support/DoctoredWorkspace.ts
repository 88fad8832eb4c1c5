import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { Finding } from '../../../lib/explain/doctor/Finding';
import { commandLine, type CommandOutcome } from './commandLine';
import { startFreshWorkspace } from './workspace';

/** What `doctor --json` found: the first finding of each check. */
export interface Examination {
  readonly status: number | null;
  readonly found: Readonly<Partial<Record<Finding['check'], Finding>>>;
}

/** A workspace that the doctor examines, with the settings that lead to it. */
export class DoctoredWorkspace {
  private constructor(
    readonly workspace: LocalWorkspace,
    private readonly folder: string,
  ) {}

  static async start(): Promise<DoctoredWorkspace> {
    const workspace = await startFreshWorkspace();
    const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
    writeFileSync(path.join(folder, 'ca.pem'), workspace.ca);
    return new DoctoredWorkspace(workspace, folder);
  }

  /** Runs the command line with settings for the workspace, as far as `env` has no other ones. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandOutcome> {
    const { host, port, path: httpPath, token } = this.workspace;
    return commandLine(args, {
      DATABRICKS_HOST: host,
      DATABRICKS_PORT: `${port}`,
      DATABRICKS_HTTP_PATH: httpPath,
      DATABRICKS_TOKEN: token,
      NODE_EXTRA_CA_CERTS: path.join(this.folder, 'ca.pem'),
      ...env,
    });
  }

  /** What the doctor finds. Checks what holds of every report: no secret in it, and a status that fits. */
  async examine(env: NodeJS.ProcessEnv, args: readonly string[], ...secrets: readonly string[]): Promise<Examination> {
    const { status, output } = await this.run(['doctor', '--json', ...args], env);
    for (const secret of [this.workspace.token, ...secrets]) expect(output).to.not.include(secret);
    const { ok, findings } = JSON.parse(output) as { ok: boolean; findings: Finding[] };
    expect(status).to.equal(findings.some(({ state }) => state === 'broken') ? 1 : 0);
    expect(ok).to.equal(status === 0);
    for (const { state, advice } of findings)
      if (state === 'broken') expect(advice).to.be.a('string').that.is.not.empty;
    const byCheck = findings.map((finding) => [finding.check, finding] as const).reverse();
    return { status, found: Object.fromEntries(byCheck) };
  }

  async stop(): Promise<void> {
    await this.workspace.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
