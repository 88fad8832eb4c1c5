import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { ExportedRecord } from '../../../lib/model/exportedRecord';
import { FileExporter } from '../../../lib/sinks/FileExporter';

/** A record of about a hundred bytes that is told apart by its number. */
const record = (number: number): ExportedRecord =>
  ({ kind: 'statement', statementId: `statement-${number}`, text: 'x'.repeat(50) }) as unknown as ExportedRecord;

describe('FileExporter', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'file-exporter-'));
    file = path.join(folder, 'statements.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const numbersIn = (text: string): number[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => Number((JSON.parse(line) as { statementId: string }).statementId.slice('statement-'.length)));
  const plain = (name = file): number[] => numbersIn(readFileSync(name, 'utf8'));
  const zipped = (number: number): number[] => numbersIn(gunzipSync(readFileSync(`${file}.${number}.gz`)).toString());
  const thrownBy = (work: Promise<unknown>): Promise<NodeJS.ErrnoException | undefined> =>
    work.then(
      () => undefined,
      (thrown: unknown) => thrown as NodeJS.ErrnoException,
    );

  it('appends one line of JSON for each record, to a file and folder that only the owner can read', async () => {
    file = path.join(folder, 'new', 'statements.jsonl');
    const exporter = new FileExporter({ path: file });
    await exporter.export([record(1), record(2)]);
    await exporter.export([record(3)]);
    expect(plain()).to.deep.equal([1, 2, 3]);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).to.equal(0o700);
  });

  it('takes rights away from a file that others can read', async () => {
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    await new FileExporter({ path: file }).export([record(1)]);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('never writes through a symbolic link, into a pipe, a device or a folder', async () => {
    const target = path.join(folder, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, file);
    expect((await thrownBy(new FileExporter({ path: file }).export([record(1)])))?.code).to.equal('ELOOP');
    expect(readFileSync(target, 'utf8')).to.equal('untouched');
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect((await thrownBy(new FileExporter({ path: pipe }).export([record(1)])))?.code).to.equal('ENXIO');
    expect((await thrownBy(new FileExporter({ path: '/dev/null' }).export([record(1)])))?.code).to.equal('ENOTAFILE');
    expect((await thrownBy(new FileExporter({ path: folder }).export([record(1)])))?.code).to.equal('EISDIR');
  });

  it('puts a full file aside, compressed and private, and keeps so many of them', async () => {
    const exporter = new FileExporter({ path: file, maxBytes: 250, maxFiles: 2 });
    for (let number = 1; number <= 8; number += 1) await exporter.export([record(number)]);
    await exporter.close();
    expect([plain(), zipped(1), zipped(2)]).to.deep.equal([
      [7, 8],
      [5, 6],
      [3, 4],
    ]);
    expect(existsSync(`${file}.3.gz`) || existsSync(`${file}.1`)).to.equal(false);
    expect(statSync(`${file}.1.gz`).mode & 0o777).to.equal(0o600);
  });

  it('leaves what it puts aside as it is without gzip, and moves what an earlier process left uncompressed', async () => {
    const exporter = new FileExporter({ path: file, maxBytes: 150, gzip: false });
    for (const number of [1, 2, 3]) await exporter.export([record(number)]);
    expect([plain(), plain(`${file}.1`), plain(`${file}.2`)]).to.deep.equal([[3], [2], [1]]);
    const next = new FileExporter({ path: file, maxBytes: 150 });
    await next.export([record(4)]);
    await next.close();
    expect([plain(), zipped(1), plain(`${file}.2`), plain(`${file}.3`)]).to.deep.equal([[4], [3], [2], [1]]);
  });

  it('puts an old file aside', async () => {
    const exporter = new FileExporter({ path: file, maxAgeMs: 20 });
    await exporter.export([record(1)]);
    await exporter.export([record(2)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    utimesSync(file, new Date(), new Date());
    await exporter.export([record(3)]);
    await exporter.close();
    expect([plain(), zipped(1)]).to.deep.equal([[3], [1, 2]]);
  });

  it('takes a batch that is larger than a file may be', async () => {
    const exporter = new FileExporter({ path: file, maxBytes: 10 });
    await exporter.export([record(1), record(2)]);
    expect(plain()).to.deep.equal([1, 2]);
  });

  it('rejects when the disk is full, and leaves no half a line', async () => {
    // A limit on the size of files stands in for the disk.
    const script = `
      const { FileExporter } = require(${JSON.stringify(require.resolve('../../../lib/sinks/FileExporter'))});
      process.on('SIGXFSZ', () => undefined);
      const exporter = new FileExporter({ path: process.argv[1] });
      const big = (name) => ({ kind: 'error', name, text: 'x'.repeat(700) });
      exporter.export([big('first')])
        .then(() => exporter.export([big('second')]))
        .then(() => console.log('written'), (thrown) => console.log(thrown.code));`;
    const command = `ulimit -f 1; exec ${process.execPath} -r @swc-node/register -e "$1" "$2"`;
    const said = execFileSync('bash', ['-c', command, 'bash', script, file], { encoding: 'utf8' });
    expect(said.trim()).to.equal('EFBIG');
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).to.have.length(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.include({ name: 'first' });
  });

  it('refuses options that cannot be meant when it is made', () => {
    for (const given of [undefined, '', ' ', 7, null]) {
      expect(() => new FileExporter({ path: given as string }), String(given)).to.throw(TypeError);
    }
    for (const name of ['maxBytes', 'maxAgeMs', 'maxFiles']) {
      for (const given of [0, -1, NaN, '5']) {
        expect(() => new FileExporter({ path: file, [name]: given })).to.throw(RangeError, name);
      }
    }
  });
});
