import { expect } from 'chai';
import fc from 'fast-check';
import { driverFrames } from '../../../../lib/model/fields/stackFrames';

const DRIVER = '/srv/app/node_modules/@databricks/sql';

describe('driverFrames', () => {
  it('keeps frames of driver and library, relative to their package, without column and function', () => {
    const stack = [
      'Error: text',
      `    at DBSQLOperation.fetchChunk (${DRIVER}/dist/DBSQLOperation.js:123:45)`,
      '    at handler (/home/someone/secret-app/index.js:5:6)',
      `    at async ${DRIVER}/dist/result/ArrowResultHandler.js:7:8`,
      '    at new X (/srv/app/node_modules/databricks-sql-telemetry/dist/DBSQLClient.js:9:10)',
      '    at node:internal/process/task_queues:95:5',
    ].join('\n');
    expect(driverFrames(stack)).to.deep.equal([
      'at @databricks/sql/dist/DBSQLOperation.js:123',
      'at @databricks/sql/dist/result/ArrowResultHandler.js:7',
      'at databricks-sql-telemetry/dist/DBSQLClient.js:9',
    ]);
  });

  const KEPT = {
    'a module address': ['    at f (file:///app/node_modules/@databricks/sql/dist/a.mjs:1:2)', 'dist/a.mjs:1'],
    'a Windows path': ['    at f (C:\\app\\node_modules\\@databricks\\sql\\dist\\a.js:1:2)', 'dist/a.js:1'],
    'a frame without column': [`    at ${DRIVER}/dist/a.js:12`, 'dist/a.js:12'],
    'a source-mapped file': [`    at f (${DRIVER}/lib/hive/Commands/a.ts:1:2)`, 'lib/hive/Commands/a.ts:1'],
    'generated code': [`    at f (${DRIVER}/thrift/TCLIService.js:1:2)`, 'thrift/TCLIService.js:1'],
    'a line that ends in a carriage return': [`    at f (${DRIVER}/dist/a.js:1:2)\r`, 'dist/a.js:1'],
  } as const;
  for (const [what, [line, frame]] of Object.entries(KEPT)) {
    it(`reads ${what}`, () => expect(driverFrames(line)).to.deep.equal([`at @databricks/sql/${frame}`]));
  }

  const LEFT_OUT = {
    'a dependency of the driver': `    at f (${DRIVER}/node_modules/thrift/lib/nodejs/lib/thrift/server.js:1:2)`,
    'a package with a longer name': '    at f (/app/node_modules/@databricks/sql-extra/dist/a.js:1:2)',
    'a parent directory': `    at f (${DRIVER}/dist/../../../secret.js:1:2)`,
    'a file that is no script': `    at f (${DRIVER}/dist/a.txt:1:2)`,
    'a line that is no frame': `${DRIVER}/dist/a.js:1:2`,
    'a line that is indented otherwise': `  at f (${DRIVER}/dist/a.js:1:2)`,
    'a path with spaces': `    at f (${DRIVER}/dist/my secret/a.js:1:2)`,
    'a line of more than 1024 characters': `    at ${'f'.repeat(1024)} (${DRIVER}/dist/a.js:1:2)`,
  };
  for (const [what, line] of Object.entries(LEFT_OUT)) {
    it(`leaves out ${what}`, () => expect(driverFrames(line)).to.deep.equal([]));
  }

  it('keeps at most ten frames', () => {
    const stack = Array.from({ length: 30 }, (_, i) => `    at f (${DRIVER}/dist/a.js:${i + 1}:2)`).join('\n');
    const frames = driverFrames(stack);
    expect(frames).to.have.length(10);
    expect(frames.at(-1)).to.equal('at @databricks/sql/dist/a.js:10');
  });

  it('takes nothing from the text of the error, even if it looks like a frame', () => {
    const message = `text\n    at f (${DRIVER}/dist/secret.js:1:2)`;
    const stack = `Error: ${message}\n    at g (${DRIVER}/dist/b.js:3:4)`;
    expect(driverFrames(stack, message)).to.deep.equal(['at @databricks/sql/dist/b.js:3']);
  });

  it('reads the whole stack of an error without text', () => {
    expect(driverFrames(`Error\n    at g (${DRIVER}/dist/b.js:3:4)`, '')).to.have.length(1);
  });

  it('takes nothing from a stack whose text is not the text of the error any more', () => {
    const frame = `    at f (${DRIVER}/dist/secret.js:1:2)`;
    for (const message of ['other', '', 'tex', 'f (']) {
      expect(driverFrames(`Error: text\n${frame}\n    at g (${DRIVER}/dist/b.js:3:4)`, message)).to.deep.equal([]);
    }
  });

  it('takes nothing that stands before other text', () => {
    const stack = `Error: a\n    at f (${DRIVER}/dist/secret.js:1:2)\nb\n    at g (${DRIVER}/dist/b.js:3:4)\n`;
    expect(driverFrames(stack)).to.deep.equal(['at @databricks/sql/dist/b.js:3']);
    expect(driverFrames(stack, 'a')).to.deep.equal(['at @databricks/sql/dist/b.js:3']);
  });

  it('has no frames without a stack', () => expect(driverFrames(undefined)).to.deep.equal([]));

  it('looks at the first 32 KB after the text only', () => {
    const filler = `${'x'.repeat(1000)}\n`.repeat(40);
    expect(driverFrames(`${filler}    at f (${DRIVER}/dist/a.js:1:2)`)).to.deep.equal([]);
  });

  it('takes time in proportion to hostile input at most', () => {
    for (const piece of ['    at ', '/node_modules/@databricks/sql/', 'dist/', 'a/', '\\', '\n', '(', 'a', ' ']) {
      const stack = piece.repeat(1_000_000 / piece.length);
      const startMs = performance.now();
      driverFrames(stack, 'a'.repeat(1000));
      expect(performance.now() - startMs, piece).to.be.below(1000);
    }
  }).retries(2); // It measures time.

  it('gives only lines of the allowed form, for any text', () => {
    const pieces = fc.constantFrom(
      '    at ',
      `${DRIVER}/`,
      'dist/',
      'a.js',
      ':1',
      ':2',
      ')',
      '(',
      '\n',
      '..',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
        for (const frame of driverFrames(parts.join(''))) {
          expect(frame).to.match(/^at (?:@databricks\/sql|databricks-sql-telemetry)\/[\w./-]+\.[cm]?js:\d+$/);
        }
      }),
    );
  });
});
