import type { JSX } from 'preact';
import type { Sampled } from '../../../lib/store/queries/counting';
import { count } from '../format/numbers';

/** Says how much of a page is no count but an estimate; nothing where all is counted. */
export function Estimates({ of }: { of: Sampled | null | undefined }): JSX.Element | null {
  if (of == null) return null;
  return (
    <div class="note">
      ≈ {count(of.estimated)} of these statements are estimated from the {count(of.statements)} received: their services
      send samples.
    </div>
  );
}
