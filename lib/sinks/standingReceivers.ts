/* sinks/: where an application sees its own statements: files, callbacks, streams, the slow-statement log, channels. */
import type { StandingReceiver } from '../contracts/Receiver';
import { systemClock } from '../util/clock';
import { ChannelReceiver } from './channels/ChannelReceiver';

/** The receivers of this process. Each connection asks at its `connect()` and `openSession()` whether one is listened to. */
export const STANDING_RECEIVERS: readonly StandingReceiver[] = [new ChannelReceiver(systemClock)];
