import type { Finding } from '../../../../lib/store/queries/findings';
import type { FleetGroup } from '../../../../lib/store/queries/fleet';
import { moment } from '../../format/times';
import { linkTo, only } from '../../state/address';

/** What is worth a look at a service, and where to look. */
export interface Note {
  readonly text: string;
  readonly tone: 'bad' | 'warn' | '';
  readonly link: string;
}

/** What stands out of the service, or more than one version of its driver; and that it sends samples. */
export function notesOf({ name, driverVersions, sampled }: FleetGroup, findings: readonly Finding[]): readonly Note[] {
  const filter = only('service', name);
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
  if (notes.length === 0 && driverVersions.length > 1) {
    notes.push({ text: `${driverVersions.length} drivers`, tone: 'warn', link: linkTo('compare', filter) });
  }
  if (sampled !== null) notes.push({ text: 'sampled', tone: '', link: linkTo('configuration', { service: name }) });
  return notes;
}
