import diagnostics from 'node:diagnostics_channel';

/** Ends a subscription; whether there still was one. */
type Unsubscribe = () => boolean;

/** For the tests of one `describe`: subscribes to a diagnostics channel until the test is over, however it ends. */
export function subscribing(): (name: string, subscriber: (message: unknown) => void) => Unsubscribe {
  const stops: Unsubscribe[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  return (name, subscriber) => {
    const stop = (): boolean => diagnostics.unsubscribe(name, subscriber);
    diagnostics.subscribe(name, subscriber);
    stops.push(stop);
    return stop;
  };
}
