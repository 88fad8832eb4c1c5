import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  lstatSync,
  openSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from './fromSources';
import { run, start } from './commandLine';
import { until } from './testCollector';

const CSV = 'statementId,latencyMs\nfirst,7\n';

describe('where an export is written', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Server;
  let url: string[];
  let goesOn: boolean;
  beforeEach(async () => {
    goesOn = true;
    folder = mkdtempSync(join(tmpdir(), 'output-'));
    server = createServer((_message, response) => {
      response.writeHead(200, { 'content-length': CSV.length });
      if (goesOn) response.end(CSV);
      else response.write(CSV.slice(0, 5));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = ['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => join(folder, name);
  const exportTo = (output: string, ...more: string[]): ReturnType<typeof run> =>
    run(['export', ...url, '--output', output, ...more]);

  it('a named pipe gets what is exported, and stays a pipe', async () => {
    execFileSync('mkfifo', [at('pipe.csv')]);
    const [ended, got] = await Promise.all([exportTo(at('pipe.csv')), readFile(at('pipe.csv'), 'utf8')]);
    expect([ended.code, ended.out, got]).to.deep.equal([0, '', CSV]);
    expect(lstatSync(at('pipe.csv')).isFIFO()).to.equal(true);
    expect(readdirSync(folder)).to.deep.equal(['pipe.csv']);
  });

  it('a link stays one: what it leads to is written, also where nothing is there yet', async () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/old.csv'), 'earlier');
    symlinkSync('elsewhere/old.csv', at('old.csv'));
    symlinkSync('old.csv', at('twice.csv'));
    symlinkSync(at('elsewhere/new.csv'), at('new.csv'));
    for (const name of ['twice.csv', 'new.csv']) expect((await exportTo(at(name))).err, name).to.equal('');
    expect(readdirSync(folder)).to.have.members(['elsewhere', 'old.csv', 'twice.csv', 'new.csv']);
    expect(readdirSync(at('elsewhere'))).to.have.members(['old.csv', 'new.csv']);
    for (const name of ['old.csv', 'twice.csv', 'new.csv']) {
      expect([lstatSync(at(name)).isSymbolicLink(), readFileSync(at(name), 'utf8')]).to.deep.equal([true, CSV]);
    }
  });

  it('standard output and devices get nothing but what is exported', async () => {
    const none = await exportTo('-');
    expect([none.code, none.err]).to.deep.equal([1, 'Give --format, or a file that ends in .csv, .jsonl, .parquet.\n']);
    for (const [output, out] of [
      ['-', CSV],
      ['/dev/stdout', CSV],
      ['/dev/null', ''],
    ] as const) {
      const ended = await exportTo(output, '--format', 'csv');
      expect(ended, output).to.deep.equal({ code: 0, out, err: `${output}: 1 kB\n` });
    }
    expect(lstatSync('/dev/null').isCharacterDevice()).to.equal(true);
  });

  it('a file that standard output goes to keeps what it held', async () => {
    writeFileSync(at('all'), 'earlier\n');
    for (const output of ['-', '/dev/stdout']) {
      const out = openSync(at('all'), 'a');
      const args = [...fromSources('lib/cli.ts'), 'export', ...url, '--output', output, '--format', 'csv'];
      const [code] = (await once(spawn(process.execPath, args, { stdio: ['ignore', out, 'ignore'] }), 'exit')) as [
        number,
      ];
      closeSync(out);
      expect(code, output).to.equal(0);
    }
    expect(readFileSync(at('all'), 'utf8')).to.equal(`earlier\n${CSV}${CSV}`);
  });

  it('a folder in place of the file, and one that is not there, are refused by name', async () => {
    mkdirSync(at('a.csv'));
    expect(await exportTo(at('a.csv'))).to.include({ code: 1, err: `${at('a.csv')} is a folder: give a file.\n` });
    const nowhere = { code: 1, err: `${at('none')} cannot be used: no such file or directory.\n` };
    expect(await exportTo(at('none/a.csv'))).to.include(nowhere);
  });

  it('an export that is stopped leaves what was there and nothing of its own', async () => {
    goesOn = false;
    writeFileSync(at('a.csv'), 'earlier');
    const child = start(['export', ...url, '--output', at('a.csv')]);
    await until(() => Promise.resolve(readdirSync(folder)), (names) => names.length === 2); // prettier-ignore
    child.kill('SIGINT');
    expect(await once(child, 'exit')).to.deep.equal([130, null]);
    expect([readFileSync(at('a.csv'), 'utf8'), readdirSync(folder)]).to.deep.equal(['earlier', ['a.csv']]);
  });
});
