// What the main thread of a page does, one task after the other, as the browser's own trace tells.
import { setTimeout as sleep } from 'node:timers/promises';

const LEAST_MS = 1;

/** The tasks of the page's main thread during `act`, in milliseconds of the clock and of the processor. */
export async function spansOf(browser, page, act) {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    categories: 'toplevel,disabled-by-default-devtools.timeline,devtools.timeline,__metadata',
  });
  await act();
  await session.send('Tracing.end');
  await Promise.race([complete, sleep(30_000)]);
  await session.detach();
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  const tasks = events.filter((event) => event.name === 'RunTask' && mains.has(threadOf(event)));
  // Of several renderers the one with the page is the one that works.
  const busiest =
    [...mains]
      .map((thread) => tasks.filter((task) => threadOf(task) === thread))
      .sort((a, b) => b.length - a.length)[0] ?? [];
  const long = busiest.filter(({ dur }) => dur >= LEAST_MS * 1000);
  return { wallMs: long.map(({ dur }) => dur / 1000), cpuMs: long.map(({ tdur = 0 }) => tdur / 1000) };
}

const threadOf = ({ pid, tid }) => `${pid}/${tid}`;
