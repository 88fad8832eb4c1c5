import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Browsing, holds, settled } from './support/Browsing';

const ROOT = join(__dirname, '..', '..', '..', '..');
const PRELOADED = ['./tools/typescript.cjs', './tools/use-driver.cjs'].flatMap((module) => ['-r', module]);

/** The first address that the demo prints. */
async function addressOf(demo: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of demo.stdout ?? []) {
    text += String(chunk);
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (found !== null) return found[0];
  }
  throw new Error(`No address: ${text}`);
}

describe('the demo with a dashboard', () => {
  it('prints its address, fills the page, and leaves nothing behind at Ctrl-C', async () => {
    const browsing = await Browsing.start();
    const demo = spawn(process.execPath, [...PRELOADED, 'examples/demo/main.ts', '--dashboard'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const address = await addressOf(demo);
      const { page, troubles, close } = await browsing.visit(address, '#/overview?r=6h');
      await settled(page);
      await holds(page, `/first-steps/.test(document.querySelector('main').innerText)`);
      expect(troubles).to.deep.equal([]);
      await close();
      const ended = once(demo, 'exit');
      demo.kill('SIGINT');
      expect(await ended).to.deep.equal([0, null]);
      expect(await fetch(address).catch(() => 'nobody listens')).to.equal('nobody listens');
    } finally {
      demo.kill('SIGKILL');
      await browsing.close();
    }
  });
});
