interface Versions {
  readonly driverVersion: string | null;
  readonly runtimeVersion: string | null;
  readonly previousDriverVersion: string | null;
  readonly previousRuntimeVersion: string | null;
}

/** `driver 1.15.0 → 2.1.0, runtime v20.20.2 → v22.12.0`: what a deployment brought. */
export function versionChanges(versions: Versions): string {
  const { driverVersion, runtimeVersion, previousDriverVersion, previousRuntimeVersion } = versions;
  const changes = [
    ['driver', previousDriverVersion, driverVersion],
    ['runtime', previousRuntimeVersion, runtimeVersion],
  ] as const;
  return changes
    .flatMap(([what, before, after]) =>
      after === null || before === after ? [] : [`${what} ${before === null ? '' : `${before} → `}${after}`],
    )
    .join(', ');
}
