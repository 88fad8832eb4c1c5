import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { testCollector, type TestCollector } from './testCollector';

/** JavaScript and CSS together, gzipped; fonts stand beside it. */
const MOST_BYTES = 60_000;

describe('the page', () => {
  let test: TestCollector;
  const folder = join(__dirname, '..', 'dist', 'public', 'assets');
  before(async function () {
    this.timeout(60_000);
    execFileSync(process.execPath, [join(__dirname, '..', 'dashboard', 'build.mjs')]);
    test = await testCollector();
  });
  after(() => test.end());

  const assets = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending));

  it('is at most 60 kB of script and style, gzipped as it is served', () => {
    const sizes = [...assets('.js'), ...assets('.css')].map(
      (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
    );
    expect(sizes).to.have.lengthOf.at.least(2);
    expect(sizes.reduce((a, b) => a + b)).to.be.at.most(MOST_BYTES);
  });

  it('asks for nothing but relative addresses, and holds no script or style of its own in the document', async () => {
    const document = await (await fetch(`${test.collector.address}/`)).text();
    const addresses = [...document.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).to.have.lengthOf.at.least(3);
    for (const address of addresses) expect(address).to.match(/^\.\/assets\//);
    expect(document).to.not.match(/<script(?![^>]* src=)/);
    expect(document).to.not.match(/<style|style=/);
    const styles = assets('.css').map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(styles.join('')).to.not.match(/url\((?!["']?\.\/)/);
  });

  it('brings its fonts along', () => {
    expect(assets('.woff2').map((name) => name.replace(/-[^-]+$/, ''))).to.include.members([
      'inter-latin-wght-normal',
      'jetbrains-mono-latin-400-normal',
    ]);
  });

  it('comes compressed to whoever takes that, and as it is to others', async () => {
    const [name = ''] = assets('.js');
    const address = `${test.collector.address}/assets/${name}`;
    const packed = await fetch(address, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).to.equal('gzip');
    expect(packed.headers.get('vary')).to.equal('accept-encoding');
    const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    const content = readFileSync(join(folder, name), 'utf8');
    expect(await packed.text()).to.equal(content);
    expect(await plain.text()).to.equal(content);
  });

  it('lets a browser run and load nothing but what the collector serves', async () => {
    const { headers } = await fetch(`${test.collector.address}/`);
    expect(headers.get('content-security-policy')).to.match(/^default-src 'self';/);
    expect(headers.get('content-security-policy')).to.not.include('unsafe');
    expect(headers.get('cache-control')).to.equal('no-store');
  });
});
