import type { Outcome } from './simulate';

const WIDTH = 900;
const HEIGHT = 320;
const LEFT = 60;
const BOTTOM = 40;
const TOP = 30;
const COLOURS = { ours: '#0a7d4f', official: '#c4472b' } as const;
/** Seconds that one point of a line stands for: the most in them. */
const STEP = 5;

/** Requests per second over time, a line for each outcome, as SVG. */
export function chart(outcomes: readonly Outcome[]): string {
  const seconds = Math.max(...outcomes.map(({ perSecond }) => perSecond.length));
  const most = Math.max(...outcomes.flatMap(({ perSecond }) => perSecond));
  const x = (second: number): number => LEFT + (second / seconds) * (WIDTH - LEFT - 20);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP);
  const lines = outcomes.map(({ perSecond, who }) => {
    const points: string[] = [];
    for (let second = 0; second < perSecond.length; second += STEP) {
      const count = Math.max(...perSecond.slice(second, second + STEP));
      points.push(`${x(second).toFixed(1)},${y(count).toFixed(1)}`);
    }
    return `<polyline fill="none" stroke="${COLOURS[who]}" stroke-width="1.5" points="${points.join(' ')}"/>`;
  });
  const minutes = Array.from({ length: Math.floor(seconds / 300) + 1 }, (_, i) => i * 5);
  const scale = [0, 0.5, 1].map((share) => Math.round(most * share));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...scale.map((n) => `<text x="${LEFT - 8}" y="${y(n) + 4}" text-anchor="end">${n}</text>`),
    ...scale.map((n) => `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(n)}" y2="${y(n)}" stroke="#ddd"/>`),
    ...minutes.map((m) => `<text x="${x(m * 60)}" y="${HEIGHT - 18}" text-anchor="middle">${m} min</text>`),
    ...lines,
    `<text x="${LEFT}" y="18">Telemetry requests per second, ${outcomes[0]?.processes ?? 0} processes: `,
    ...outcomes.map(
      ({ who }) => `<tspan fill="${COLOURS[who]}"> ${who === 'ours' ? 'this library' : 'official'} </tspan>`,
    ),
    '</text>',
    '</svg>\n',
  ].join('\n');
}
