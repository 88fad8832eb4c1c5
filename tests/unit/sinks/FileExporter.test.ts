import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFile, execFileSync } from 'node:child_process';
import promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import sinon from 'sinon';
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
    expect((await thrownBy(new FileExporter({ path: pipe }).export([record(1)])))?.code).to.equal('ENOTAFILE');
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
    const earlier = new FileExporter({ path: file });
    await earlier.export([record(1)]);
    await earlier.export([record(2)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    utimesSync(file, new Date(), new Date());
    const exporter = new FileExporter({ path: file, maxAgeMs: 20 });
    await exporter.export([record(3)]);
    await exporter.close();
    expect([plain(), zipped(1)]).to.deep.equal([[3], [1, 2]]);
  });

  it('counts the age of a file from its first sight where the file system does not say when it was made', async () => {
    const { lstat } = promises;
    const silent = sinon
      .stub(promises, 'lstat')
      .callsFake((async (name: string) => Object.assign(await lstat(name), { birthtimeMs: 0 })) as typeof lstat);
    try {
      const patient = new FileExporter({ path: file });
      await patient.export([record(1)]);
      await patient.export([record(2)]);
      const hasty = new FileExporter({ path: file, maxAgeMs: 20 });
      await hasty.export([record(3)]);
      expect(plain()).to.deep.equal([1, 2, 3]);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await hasty.export([record(4)]);
      await hasty.close();
      expect([plain(), zipped(1)]).to.deep.equal([[4], [1, 2, 3]]);
    } finally {
      silent.restore();
    }
  });

  it('takes a batch that is larger than a file may be', async () => {
    const exporter = new FileExporter({ path: file, maxBytes: 10 });
    await exporter.export([record(1), record(2)]);
    expect(plain()).to.deep.equal([1, 2]);
  });

  /** What `work`, code of a process whose files may have 1 KiB, says: a limit on the size of files stands in for the disk. */
  function onFullDisk(work: string): string {
    const script = `
      const { FileExporter } = require(${JSON.stringify(require.resolve('../../../lib/sinks/FileExporter'))});
      process.on('SIGXFSZ', () => undefined);
      const file = process.argv[1];
      const exporter = new FileExporter({ path: file });
      const big = (name) => ({ kind: 'error', name, text: 'x'.repeat(700) });
      const export_ = (name) => exporter.export([big(name)]).then(() => 'written', ({ code }) => code);
      (async () => { ${work} })();`;
    const command = `ulimit -S -f 1; exec ${process.execPath} -r ./tools/typescript.cjs -e "$1" "$2"`;
    return execFileSync('bash', ['-c', command, 'bash', script, file], { encoding: 'utf8' }).trim();
  }
  const names = (lines: readonly string[]): unknown[] =>
    lines.map((line) => (JSON.parse(line) as { name: unknown }).name);
  const linesOf = (name: string): string[] => readFileSync(name, 'utf8').trimEnd().split('\n');

  it('rejects when the disk is full, and leaves no half a line', () => {
    expect(onFullDisk(`console.log(await export_('first'), await export_('second'))`)).to.equal('written EFBIG');
    expect(names(linesOf(file))).to.deep.equal(['first']);
  });

  /**
   * Has another process, for which there is room, write a line after some of the looks at the size of the file: in the way of
   * one that has seen half a line before.
   */
  const ANOTHER = `
    const { open } = require('node:fs/promises');
    const { execFileSync } = require('node:child_process');
    const handle = await open(file, 'a');
    const kind = Object.getPrototypeOf(handle);
    const { stat } = kind;
    let looks = 0;
    kind.stat = async function () {
      const found = await stat.call(this);
      looks += 1;
      const line = JSON.stringify({ name: 'other' + looks });
      const write = 'ulimit -S -f unlimited; echo "$1" >> "$2"';
      if (isTime(looks)) execFileSync('bash', ['-c', write, 'bash', (looks > 2 ? '\\n' : '') + line, file]);
      return found;
    };`;

  it('leaves the lines that another process has written in the meantime when the disk is full', () => {
    const said = onFullDisk(`
      const isTime = (looks) => looks <= 2;
      const first = await export_('first');
      ${ANOTHER}
      console.log(first, await export_('second'));`);
    expect(said).to.equal('written EFBIG');
    expect(names(linesOf(file))).to.deep.equal(['first', 'other1', 'other2']);
  });

  it('leaves half a line when the disk is full, rather than take away the line that another process has written after it', async () => {
    const said = onFullDisk(`
      const isTime = (looks) => looks === 3;
      const first = await export_('first');
      ${ANOTHER}
      console.log(first, await export_('second'));`);
    expect(said).to.equal('written EFBIG');
    await new FileExporter({ path: file }).export([record(1)]);
    const [first = '', half, other = '', last = ''] = linesOf(file);
    expect(half).to.match(/^\{"kind":"error","name":"second","text":"x+$/);
    expect([...names([first, other]), ...numbersIn(last)]).to.deep.equal(['first', 'other3', 1]);
  });

  it('begins a line of its own after one that a killed process has left half', async () => {
    writeFileSync(file, '{"kind":"statement","statementId":"state');
    const exporter = new FileExporter({ path: file });
    await exporter.export([record(1)]);
    await exporter.export([record(2)]);
    const [half, ...whole] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(half).to.equal('{"kind":"statement","statementId":"state');
    expect(numbersIn(whole.join('\n'))).to.deep.equal([1, 2]);
  });

  it('goes on where the file was moved away, emptied or removed', async () => {
    const exporter = new FileExporter({ path: file });
    await exporter.export([record(1)]);
    renameSync(file, `${file}-20260101`);
    await exporter.export([record(2)]);
    expect([plain(`${file}-20260101`), plain()]).to.deep.equal([[1], [2]]);
    truncateSync(file);
    await exporter.export([record(3)]);
    expect(plain()).to.deep.equal([3]);
    rmSync(file);
    await exporter.export([record(4)]);
    expect(plain()).to.deep.equal([4]);
  });

  it('compresses again what a killed process has compressed in part', async () => {
    writeFileSync(`${file}.1.gz.tmp`, 'half');
    const exporter = new FileExporter({ path: file, maxBytes: 150 });
    await exporter.export([record(1)]);
    await exporter.export([record(2)]);
    await exporter.close();
    expect([plain(), zipped(1)]).to.deep.equal([[2], [1]]);
    expect(readdirSync(folder)).to.have.members(['statements.jsonl', 'statements.jsonl.1.gz']);
  });

  it('leaves a file to the process that puts it aside, unless that was killed long ago', async () => {
    const exporter = new FileExporter({ path: file, maxBytes: 150 });
    writeFileSync(`${file}.lock`, '');
    await exporter.export([record(1)]);
    await exporter.export([record(2)]);
    expect(plain()).to.deep.equal([1, 2]);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(`${file}.lock`, longAgo, longAgo);
    await exporter.export([record(3)]);
    await exporter.export([record(4)]);
    await exporter.close();
    expect([plain(), zipped(1)]).to.deep.equal([[4], [1, 2, 3]]);
  });

  it('loses no line where several processes write to one file and put it aside', async function suite() {
    this.timeout(60_000);
    const script = `
      const { FileExporter } = require(${JSON.stringify(require.resolve('../../../lib/sinks/FileExporter'))});
      const exporter = new FileExporter({ path: process.argv[1], maxBytes: 2000, maxFiles: 1000 });
      const first = Number(process.argv[2]);
      (async () => {
        for (let number = first; number < first + 80; number += 1) {
          await exporter.export([{ kind: 'statement', statementId: 'statement-' + number, text: 'x'.repeat(50) }]);
        }
        await exporter.close();
      })();`;
    const run = promisify(execFile);
    const processes = [0, 1000, 2000].map((first) =>
      run(process.execPath, ['-r', './tools/typescript.cjs', '-e', script, file, String(first)]),
    );
    for (const { stderr } of await Promise.all(processes)) expect(stderr).to.equal('');
    const names = readdirSync(folder).map((name) => path.join(folder, name));
    const contents = names.map((name) => (name.endsWith('.gz') ? gunzipSync(readFileSync(name)) : readFileSync(name)));
    const numbers = contents.flatMap((content) => numbersIn(content.toString()));
    expect(names.length).to.be.greaterThan(2);
    // What one wrote at the very moment at which another removed the file may be there twice.
    expect([...new Set(numbers)].sort((a, b) => a - b)).to.deep.equal(
      [0, 1000, 2000].flatMap((first) => Array.from({ length: 80 }, (_, index) => first + index)),
    );
    expect(numbers.length).to.be.lessThan(250);
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
