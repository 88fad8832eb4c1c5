// Builds the page into `dist/public`, where the collector serves it from.
import path from 'node:path';
import { build } from 'vite';

export const OUTPUT = path.resolve(import.meta.dirname, '../dist/public');

/** The document without what only those need who edit it: comments, indentation, the optional ends of entries. */
const compactDocument = {
  name: 'compact-document',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html
        .replaceAll(/<!--.*?-->/gs, '')
        .replaceAll(/\s+/g, ' ')
        .replaceAll('> <', '><')
        .replaceAll(/<\/d[td]>/g, ''),
  },
};

export async function buildDashboard() {
  await build({
    plugins: [compactDocument],
    root: import.meta.dirname,
    configFile: false,
    // Relative addresses: the collector may stand behind a proxy's path prefix.
    base: './',
    logLevel: 'warn',
    // `h(…)` takes a kilobyte less than what the automatic runtime makes of the same elements.
    oxc: {
      jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' },
      jsxInject: "import { h, Fragment } from 'preact'",
    },
    build: {
      outDir: OUTPUT,
      emptyOutDir: true,
      target: 'es2022',
      // The page's content security policy allows no `data:` address and no script of its own in the document.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
}

if (process.argv[1] === import.meta.filename) await buildDashboard();
