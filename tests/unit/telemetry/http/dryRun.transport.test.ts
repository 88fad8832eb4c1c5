import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { resolveConfiguration } from '../../../../lib/model/options';
import type { OnPreview, TelemetryPreview } from '../../../../lib/model/optionRow';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import { dryRunTransport } from '../../../../lib/telemetry/http/dryRun';
import type { HttpOutcome, Transport } from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';
import { keepThreadsBusy } from '../../.stubs/busyThreads';
import { ClientContextStub } from '../../.stubs/ClientContextStub';

const BODY = '{"uploadTime":1,"items":[],"protoLogs":["{}"]}';
const HEADERS = { authorization: '<credentials>' };

describe('the transport of a dry run', () => {
  let context: ClientContextStub;
  let hosts: HostRegistry;
  let folder: string;
  let file: string;
  beforeEach(() => {
    context = new ClientContextStub();
    hosts = new HostRegistry();
    folder = mkdtempSync(path.join(tmpdir(), 'dry-run-'));
    file = path.join(folder, 'previews.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const transportTo = (dryRun: string | OnPreview): Transport => dryRunTransport(dryRun, context, hosts);
  function send(transport: Transport, timeoutMs = 2000, signal = new AbortController().signal): Promise<HttpOutcome> {
    const getAgent = (): never => {
      throw new Error('there is no network');
    };
    const target = { protocol: 'https:', hostname: 'workspace.test', port: 443, tls: {}, getAgent } as const;
    const request = { method: 'POST', path: '/p?q=1', headers: HEADERS, body: BODY } as const;
    return transport(target, request, timeoutMs, signal, systemClock);
  }
  const statusOf = async (sent: Promise<HttpOutcome>): Promise<unknown> => {
    const outcome = await sent;
    return outcome.kind === 'response' ? outcome.status : outcome.kind;
  };
  const modeOf = (name: string): string => (statSync(name).mode & 0o777).toString(8);
  const lines = (): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

  it('gives a function the request as it would be made', async () => {
    const previews: TelemetryPreview[] = [];
    expect(await statusOf(send(transportTo((preview) => void previews.push(preview))))).to.equal(200);
    expect(previews).to.deep.equal([
      { method: 'POST', url: 'https://workspace.test/p?q=1', headers: HEADERS, body: BODY },
    ]);
  });

  it('shows a compressed body plain', async () => {
    const previews: TelemetryPreview[] = [];
    const transport = transportTo((preview) => void previews.push(preview));
    const target = {
      protocol: 'http:',
      hostname: 'c.test',
      port: 4318,
      tls: {},
      getAgent: async () => undefined,
    } as const;
    const headers = { 'content-encoding': 'gzip' };
    const request = { method: 'POST', path: '/', headers, body: gzipSync(BODY) } as const;
    await transport(target, request, 1000, new AbortController().signal, systemClock);
    expect(previews[0]).to.include({ url: 'http://c.test:4318/', body: BODY });
  });

  it('writes one debug line for each request with `true`', async () => {
    const { dryRun } = resolveConfiguration({ telemetryDryRun: true });
    const transport = transportTo(dryRun ?? '');
    for (let i = 0; i < 2; i += 1) expect(await statusOf(send(transport))).to.equal(200);
    expect(context.lines).to.have.length(2);
    expect(context.lines[0]).to.match(
      /^debug telemetry: dry run: \{"method":"POST","url":"https:\/\/workspace.test\/p/,
    );
    expect(context.lines[0]).to.include(`"body":${BODY}}`);
  });

  it('appends one line of JSON to a file that only its owner can read', async () => {
    const transport = transportTo(file);
    for (let i = 0; i < 2; i += 1) expect(await statusOf(send(transport))).to.equal(200);
    expect(modeOf(file)).to.equal('600');
    for (const line of lines()) expect(JSON.parse(line)).to.include({ url: 'https://workspace.test/p?q=1' });
    expect(lines()).to.have.length(2);
  });

  it('takes rights away from a file that was there, and keeps what stands in it', async () => {
    writeFileSync(file, 'before\n');
    chmodSync(file, 0o666);
    await send(transportTo(file));
    expect(modeOf(file)).to.equal('600');
    expect(lines()).to.have.length(2);
    expect(lines()[0]).to.equal('before');
  });

  describe('refuses, with one debug line that does not name it,', () => {
    async function expectRefusal(code: RegExp): Promise<void> {
      expect(await statusOf(send(transportTo(file)))).to.equal('invalid');
      expect(context.lines.join('\n')).to.match(code);
      expect(context.lines).to.have.length(1);
      expect(context.lines[0]).to.not.include(folder);
    }

    it('a symbolic link, and leaves what it points to as it is', async () => {
      const pointed = path.join(folder, 'pointed');
      writeFileSync(pointed, 'theirs');
      chmodSync(pointed, 0o644);
      symlinkSync(pointed, file);
      await expectRefusal(/ELOOP|EMLINK/);
      expect([readFileSync(pointed, 'utf8'), modeOf(pointed)]).to.deep.equal(['theirs', '644']);
    });

    it('a symbolic link to nothing, and creates nothing', async () => {
      const pointed = path.join(folder, 'pointed');
      symlinkSync(pointed, file);
      await expectRefusal(/ELOOP|EMLINK/);
      expect(existsSync(pointed)).to.equal(false);
    });

    it('a pipe that nobody reads, at once', async () => {
      execFileSync('mkfifo', [file]);
      const startMs = performance.now();
      await expectRefusal(/ENOTAFILE/);
      // A write that hangs is given up after 5 s.
      expect(performance.now() - startMs).to.be.below(4000);
    });

    it('a pipe that somebody reads, who gets nothing', async () => {
      execFileSync('mkfifo', [file]);
      const reader = createReadStream(file);
      const read: Buffer[] = [];
      reader.on('data', (chunk) => read.push(Buffer.from(chunk)));
      const opened = once(reader, 'open');
      const end = once(reader, 'close');
      // To open a pipe to read waits for a writer: that is the request, which must not be lost to who is first.
      while (context.lines.length === 0 || !/ENOTAFILE/.test(context.lines.at(-1) ?? '')) {
        expect(await statusOf(send(transportTo(file)))).to.equal('invalid');
      }
      await opened;
      await end;
      expect(Buffer.concat(read).toString()).to.equal('');
    });

    it('a folder', async () => {
      mkdirSync(file);
      await expectRefusal(/EISDIR/);
    });

    it('a file in a folder that is not there', async () => {
      file = path.join(folder, 'missing', 'previews.jsonl');
      await expectRefusal(/ENOENT/);
    });
  });

  it('refuses what a function throws or rejects with, and waits for one that is asynchronous', async () => {
    const throwing = (): never => {
      throw new Error('mine');
    };
    expect(await statusOf(send(transportTo(throwing)))).to.equal('invalid');
    expect(await statusOf(send(transportTo((() => Promise.reject(new TypeError('mine'))) as OnPreview)))).to.equal(
      'invalid',
    );
    let isDone = false;
    const slow = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      isDone = true;
    };
    expect(await statusOf(send(transportTo(slow as OnPreview)))).to.equal(200);
    expect(isDone).to.equal(true);
    expect(context.lines.map((line) => line.replace(/.*swallowed /, ''))).to.deep.equal(['Error', 'TypeError']);
  });

  it('ends with its time, and with an abort', async () => {
    const never = (() => new Promise(() => undefined)) as OnPreview;
    const startMs = performance.now();
    expect(await statusOf(send(transportTo(never), 50))).to.equal('invalid');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    expect(await statusOf(send(transportTo(never), 5000, abort.signal))).to.equal('aborted');
    expect(performance.now() - startMs).to.be.below(4000);
  });

  it('does not begin a second write while one hangs, and writes again when that is over', async () => {
    const release = await keepThreadsBusy();
    const transport = transportTo(file);
    try {
      expect(await statusOf(send(transport, 50))).to.equal('invalid');
      const startMs = performance.now();
      for (let i = 0; i < 20; i += 1) expect(await statusOf(send(transport, 5000))).to.equal('invalid');
      expect(performance.now() - startMs).to.be.below(4000);
    } finally {
      await release();
    }
    const endMs = performance.now() + 15_000;
    while ((await statusOf(send(transport))) !== 200) {
      expect(performance.now()).to.be.below(endMs);
      // A refusal takes no turn of the event loop, and the write that hung needs one to end.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // The one that hung, and the one that came after it.
    expect(lines()).to.have.length(2);
  }).retries(2); // It measures time.

  it('loses none of several clients’ that write to one file at a time', async () => {
    const statuses = await Promise.all([1, 2, 3, 4].map(() => statusOf(send(transportTo(file)))));
    expect(statuses).to.deep.equal([200, 200, 200, 200]);
    expect(lines()).to.have.length(4);
  });

  it('does not begin a second write to a file that another client’s hangs on', async () => {
    const release = await keepThreadsBusy();
    try {
      expect(await statusOf(send(transportTo(file), 50))).to.equal('invalid');
      const startMs = performance.now();
      expect(await statusOf(send(transportTo(file), 5000))).to.equal('invalid');
      expect(performance.now() - startMs).to.be.below(4000);
    } finally {
      await release();
    }
    const endMs = performance.now() + 15_000;
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') {
      expect(performance.now()).to.be.below(endMs);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(lines()).to.have.length(1);
  }).retries(2); // It measures time.
});
