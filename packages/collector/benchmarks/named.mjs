// What each named question costs over all statements of a store, while nothing arrives: the first time, and asked again.

/** Asks every question twice; `row` is told of each. `tell`: what the collector used since the last time. */
export async function named(row, { address, tell }, window, most) {
  const [from, to] = window;
  const ask = async (path) => {
    const startMs = performance.now();
    await tell();
    const response = await fetch(`${address}/api/v1${path}`);
    const answer = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    const ms = Math.round(performance.now() - startMs);
    return { answer, ms, ...(await tell()) };
  };
  const middle = Math.round((from + to) / 2);
  const { answer } = await ask(`/statements?from=${from}&to=${to}&limit=1`);
  // As the page asks: of reading too.
  const asked = `from=${from}&to=${to}&measure=totalLatencyMs`;
  const questions = {
    overview: `/overview?${asked}`,
    findings: `/findings?${asked}`,
    heatmap: `/heatmap?${asked}`,
    'newest statements': `/statements?${asked}`,
    'slowest statements': `/statements?${asked}&order=slowest`,
    'one statement': `/statements/${answer.statements[0].statementId}`,
    'explain the slow ones': `/explain?${asked}&selectedMinMs=10000`,
    errors: `/errors?${asked}`,
    'compare two windows': `/compare?${asked}&split=${middle}`,
    'compare by service': `/compare?${asked}&split=${middle}&by=service`,
    cloudfetch: `/cloudfetch?${asked}`,
    retries: `/retries?${asked}`,
    fleet: `/fleet?${asked}`,
    'client and server': `/client-server?${asked}`,
    names: '/names',
    health: `/health?from=${from}&to=${to}`,
  };
  for (const [name, path] of Object.entries(questions)) {
    const first = await ask(path);
    const again = await ask(path);
    row(
      `${name}, ms (asked again); of the processor ${first.cpuMs} (${again.cpuMs}), memory ${again.rssMb} MB`,
      `${first.ms} (${again.ms})`,
      `<= ${most}`,
      first.ms <= most,
    );
  }
}
