import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { code, table } from './markdown';

const FILE = path.resolve(__dirname, '../../lib/model/StatementSummary.ts');

/** What the comment in front of `member` says. */
function commentOf(member: ts.TypeElement): string {
  return ts
    .getJSDocCommentsAndTags(member)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ');
}

/** The properties of a statement's summary, as its interface declares and describes them. */
export function summaryTable(): string {
  const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest, true);
  const summary = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === 'StatementSummary');
  if (summary === undefined) throw new Error(`${FILE} declares no StatementSummary`);
  const rows = summary.members.filter(ts.isPropertySignature).map((member) => {
    const type = member.type?.getText(source) ?? '';
    const isOptional = type.endsWith(' | undefined');
    const presence = isOptional ? 'if known' : 'always';
    return [code(member.name.getText(source)), code(type.replace(/ \| undefined$/, '')), presence, commentOf(member)];
  });
  return table(['property', 'type', 'present', 'what it is'], rows);
}
