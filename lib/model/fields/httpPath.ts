import { hasCredential } from '../../util/credential';

/**
 * An HTTP path as it may leave: with its leading slash, and of its query nothing but the organisation (`o=<digits>`);
 * `<credential>` for a part that looks like one.
 * Linear; never throws.
 */
export function publicHttpPath(httpPath: string): string {
  const queryAt = httpPath.search(/[?#]/);
  const path = queryAt < 0 ? httpPath : httpPath.slice(0, queryAt);
  const rooted = (path.startsWith('/') ? path : `/${path}`).replace(/[^/]+/g, publicSegment);
  const organisation = queryAt < 0 ? null : /[?&]o=(\d{1,20})(?![^&#])/.exec(httpPath.slice(queryAt));
  return organisation === null ? rooted : `${rooted}?o=${organisation[1]}`;
}

function publicSegment(segment: string): string {
  return hasCredential(segment) ? '<credential>' : segment;
}
