import { factsOf } from '../../util/foreign';

/** Codes of sockets and streams; what an error of somebody else calls itself does not fit. */
const NETWORK_CODE = /^E(?:[A-Z]{3,24}|AI_[A-Z]{3,16}|RR_[A-Z_]{3,32})$/;
const OTHER = 'OTHER';

/** Why an attempt that was answered with `details` is repeated: the HTTP status. */
export function causeOfAnswer(details: unknown): string {
  const { status } = factsOf(factsOf(details)['response']);
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? `${status}` : OTHER;
}

/** Why an attempt that threw is repeated: the code of the network. */
export function causeOfThrown(thrown: unknown): string {
  const { code } = factsOf(thrown);
  return typeof code === 'string' && NETWORK_CODE.test(code) ? code : OTHER;
}
