import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiDocument } from './apiDocument';

const FILE = join(__dirname, '..', 'docs', 'api.md');

describe('docs/api.md', () => {
  it('is what the tables of the server say', () => {
    if (process.env['UPDATE_API_DOCUMENT'] !== undefined) writeFileSync(FILE, apiDocument());
    expect(readFileSync(FILE, 'utf8')).to.equal(apiDocument());
  });

  it('leaves no shape open', () => {
    expect(apiDocument()).to.not.match(/: unknown(?:\[\])+;/);
  });
});
