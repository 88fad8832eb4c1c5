import type { Fleet } from '../../../../lib/store/queries/fleet';
import { driverName } from '../../format/words';

/** A version of a driver with whose driver it is: `Python 4.1.2`. */
export interface DriverVersion {
  readonly version: string | null;
  readonly driver: string;
  /** No newer one of this driver is in the window. */
  readonly newest: boolean;
}

/** The versions of all drivers: drivers by their load, the newest version of each first. */
export function driverVersionsOf({ drivers }: Pick<Fleet, 'drivers'>): readonly DriverVersion[] {
  const byDriver = new Map<string, (string | null)[]>();
  for (const { name, version } of drivers) {
    const driver = driverName(name);
    byDriver.set(driver, [...(byDriver.get(driver) ?? []), version]);
  }
  const seen = new Set<string | null>();
  return [...byDriver].flatMap(([driver, versions]) =>
    versions.sort(newestFirst).flatMap((version, index): DriverVersion[] => {
      if (seen.has(version)) return [];
      seen.add(version);
      return [{ version, driver, newest: index === 0 && versions.length > 1 }];
    }),
  );
}

export const fullName = ({ driver, version }: DriverVersion): string => `${driver} ${version ?? 'unknown'}`;

function newestFirst(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b.localeCompare(a, 'en', { numeric: true });
}
