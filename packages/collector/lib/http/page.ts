import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { HttpError } from './reply';
import type { Exchange, Route } from './Router';
import { takesGzip } from './takesGzip';

/** Built by the dashboard, shipped with the package. */
const FOLDER = resolve(__dirname, '..', '..', 'dist', 'public');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
};

const WITHOUT_PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Databricks telemetry collector</title>
<h1>Databricks telemetry collector</h1>
<p>It is running. Ask <a href="api/v1/overview">api/v1/overview</a>, or read <a href="api/v1/openapi.json">the API</a>.</p>
</html>
`;

/** What the build names a file. Nothing else is looked for. */
const FILE_NAME = /^[\w-][\w.-]{0,127}$/;

/** The page at `/` and its files. It holds no data: the page asks for it, with a token. */
export function pageRoutes(folder = FOLDER): Route[] {
  const asset: Route['handle'] = async (exchange) => {
    const { name = '' } = exchange.path;
    if (!FILE_NAME.test(name)) throw noFile();
    await sendFile(folder, join('assets', name), exchange);
  };
  return [
    { method: 'GET', path: '/', role: 'open', handle: (exchange) => sendIndex(folder, exchange) },
    { method: 'GET', path: '/assets/:name', role: 'open', handle: asset },
  ];
}

const noFile = (): HttpError => new HttpError(404, 'not_found', 'There is no such file.');

async function sendIndex(folder: string, exchange: Exchange): Promise<void> {
  if (existsSync(join(folder, 'index.html'))) {
    await sendFile(folder, 'index.html', exchange);
    return;
  }
  exchange.response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  exchange.response.end(WITHOUT_PAGE);
}

/** Files of the page that shrink, compressed once. A file in `assets` never changes under its name. */
const compressed = new Map<string, Buffer>();
const SHRINKING = new Set(['.js', '.css', '.svg']);

function compressedOf(path: string): Buffer {
  const known = compressed.get(path);
  if (known !== undefined) return known;
  const content = gzipSync(readFileSync(path), { level: 9 });
  compressed.set(path, content);
  return content;
}

async function sendFile(folder: string, name: string, { message, response }: Exchange): Promise<void> {
  const path = join(folder, name);
  const type = TYPES[extname(path)];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (type === undefined || stat?.isFile() !== true) throw noFile();
  const cache = name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-store';
  const vary = SHRINKING.has(extname(path)) ? { vary: 'accept-encoding' } : {};
  if (SHRINKING.has(extname(path)) && takesGzip(message)) {
    const content = compressedOf(path);
    response.writeHead(200, {
      'content-type': type,
      'content-encoding': 'gzip',
      ...vary,
      'content-length': content.length,
      'cache-control': cache,
    });
    response.end(content);
    return;
  }
  response.writeHead(200, { 'content-type': type, 'content-length': stat.size, 'cache-control': cache, ...vary });
  await pipeline(createReadStream(path), response);
}
