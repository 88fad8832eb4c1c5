import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const root = path.resolve(__dirname, '../..');

/** The criteria of the plan, in its order. */
const CRITERIA =
  '1.1 1.2a 1.2b 1.2c 1.3a 1.3b 1.4a 1.4b 2.1 2.2a 2.2b 2.3a 2.3b 3.1a 3.1b 3.1c 3.2a 3.2b 3.3 4.1 4.2 4.3 5 6'.split(
    ' ',
  );

interface Criterion {
  readonly id: string;
  readonly text: string;
}

function criteria(): Criterion[] {
  const [, ...sections] = readFileSync(path.join(root, 'spec/requirements.md'), 'utf8').split(/^## /m);
  return sections.map((text) => ({ id: text.split(' ')[0] ?? '', text }));
}

/** The files that a path means, in whose name `*` may stand for anything. */
function filesOf(name: string): string[] {
  const folder = path.join(root, path.dirname(name));
  const [head = '', tail] = path.basename(name).split('*');
  const fits = (file: string): boolean =>
    tail === undefined ? file === head : file.startsWith(head) && file.endsWith(tail);
  return readdirSync(folder)
    .filter(fits)
    .map((file) => path.join(folder, file));
}

/** Titles of the tests in a source that run: those of a skipped one are none. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/\bit\(\s*(['"`])(.*?)\1,/g)].map(([, , title]) => title ?? '');
}

/** Each test that a criterion names: its file or files, and its title. */
function testsOf({ text }: Criterion): { readonly files: string; readonly title: string }[] {
  return [...text.matchAll(/^- `([^`]+)`:\n((?: {2}- “.*”\n?)+)/gm)].flatMap(([, files = '', list = '']) =>
    [...list.matchAll(/“(.*)”/g)].map(([, title = '']) => ({ files, title })),
  );
}

describe('spec/requirements.md', () => {
  it('has every criterion of the plan, in its order', () => {
    expect(criteria().map(({ id }) => id)).to.deep.equal(CRITERIA);
  });

  for (const criterion of criteria()) {
    it(`${criterion.id} names files that exist`, () => {
      const names = [...criterion.text.matchAll(/`((?:[\w.-]+\/)+[\w.*-]+|\.nycrc\.json)`/g)].map(
        ([, name]) => name ?? '',
      );
      expect(names.length).to.be.greaterThan(0);
      for (const name of names) expect(filesOf(name), name).to.not.deep.equal([]);
    });

    if (criterion.id === '4.1') continue;
    it(`${criterion.id} names tests that exist and run`, () => {
      const tests = testsOf(criterion);
      expect(tests.length).to.be.greaterThan(0);
      for (const { files, title } of tests) {
        const known = filesOf(files).flatMap((file) => titlesIn(readFileSync(file, 'utf8')));
        const fits = (candidate: string): boolean =>
          title.endsWith('…') ? candidate.startsWith(title.slice(0, -1)) : candidate === title;
        expect(known.some(fits), `${files}: ${title}`).to.equal(true);
      }
    });
  }
});
