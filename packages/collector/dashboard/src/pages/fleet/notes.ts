import type { Finding } from '../../../../lib/store/queries/findings';
import type { FleetGroup } from '../../../../lib/store/queries/fleet';
import { moment } from '../../format/times';
import { linkTo } from '../../state/address';

/** What is worth a look at a service, and where to look. */
export interface Note {
  readonly text: string;
  readonly tone: 'bad' | 'warn' | '';
  readonly link: string;
}

/** What stands out of the service; more than one version of its driver otherwise. */
export function notesOf({ name, driverVersions }: FleetGroup, findings: readonly Finding[]): readonly Note[] {
  const filter = { 'f.service': name ?? '(unknown)' };
  const notes = findings.flatMap((finding): Note[] => {
    if (finding.kind === 'retries' || finding.service !== name) return [];
    return finding.kind === 'slower'
      ? [
          {
            text: `slower ${moment(finding.sinceMs)}`,
            tone: 'bad',
            link: linkTo('compare', { ...filter, split: String(finding.sinceMs) }),
          },
        ]
      : [{ text: `errors ${moment(finding.fromMs)}`, tone: 'bad', link: linkTo('errors', filter) }];
  });
  if (notes.length > 0 || driverVersions.length < 2) return notes;
  return [{ text: `${driverVersions.length} drivers`, tone: 'warn', link: linkTo('compare', filter) }];
}
