/* explain/doctor/: everything between this machine and the workspace, and what telemetry needs, looked at one after the other. */
import { skipped, type Finding } from './Finding';
import { checkName, checkTls, NO_TLS, UNSEEN_TLS } from './network';
import { settingsOf, type Flags, type Settings } from './settings';
import { checkDriver, checkEnvironment, checkNode } from './versions';
import { checkWorkspace, type DoctorClient } from './workspace';

/** What the doctor is told of the process that it runs in. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly runtime: { readonly runtimeName: string; readonly runtimeVersion: string };
  readonly driverVersion: string;
  /** Environment variables that switch telemetry off. */
  readonly optOuts: readonly string[];
  clientOf(settings: Settings): DoctorClient;
}

const UNTRIED = ['query', 'feature flag', 'telemetry'] as const;

/** Looks at everything between this process and the workspace, and what telemetry needs. Never rejects. */
export async function examine(flags: Flags, surroundings: Surroundings): Promise<readonly Finding[]> {
  const { env, runtime, driverVersion, optOuts } = surroundings;
  const { settings, finding, ofProxy } = settingsOf(flags, env);
  const findings = [
    finding,
    checkNode(runtime.runtimeVersion, runtime.runtimeName),
    checkDriver(driverVersion),
    checkEnvironment(optOuts),
    ...(ofProxy === undefined ? [] : [ofProxy]),
  ];
  if (settings === undefined) return findings;
  const { host, port, proxy } = settings;
  const name = await checkName(proxy?.host ?? host);
  const tls = name.state === 'ok' ? await checkTls(host, port, proxy) : NO_TLS;
  findings.push(name, tls);
  if (tls.state !== 'ok' && tls !== UNSEEN_TLS)
    return [...findings, ...UNTRIED.map((check) => skipped(check, 'not tried: no connection'))];
  return [...findings, ...(await checkWorkspace(surroundings.clientOf(settings)))];
}

/** A line for each finding, and one with what to do where something can be done. */
export function render(findings: readonly Finding[]): string {
  const words: Record<Finding['state'], string> = { ok: 'ok', off: 'off', broken: 'BROKEN', skipped: '-' };
  const lines = findings.flatMap(({ check, state, says, advice }) => [
    `${words[state].padEnd(8)}${check.padEnd(14)}${says}`,
    ...(advice === undefined ? [] : [`${''.padEnd(22)}${advice}`]),
  ]);
  return lines.join('\n');
}
