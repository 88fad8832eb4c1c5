import type { AdmissionParts } from './Admission';
import type { RecordSpool, SpoolOwner } from './RecordSpool';

export interface PipelineParts extends AdmissionParts {
  /** Opens the spool in which pending records outlive the process; default none. */
  readonly openSpool?: ((owner: SpoolOwner) => RecordSpool) | undefined;
  /** The mode has stood for its time, and something happens again: whoever set it may look whether it still holds. */
  readonly onModeExpired?: (() => void) | undefined;
}
