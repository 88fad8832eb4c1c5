import ts from 'typescript';

/** A source file of the library. */
export interface SourceFile {
  /** From the library's folder, without extension: `telemetry/host`. */
  readonly name: string;
  readonly lines: number;
  /** Lines that hold a token: neither blank nor comment alone. */
  readonly codeLines: number;
  /** Files of the library that it imports, for their types too. */
  readonly imports: readonly string[];
  /** Assertions of a type that the compiler cannot see; `as const` is none. */
  readonly casts: number;
  /** Clauses, and handlers given to a promise's `catch`. */
  readonly catches: number;
  /** What it declares at its top. */
  readonly declared: readonly Declared[];
}

/** A name that a file gives to something of its own. */
export interface Declared {
  readonly name: string;
  readonly isExported: boolean;
}

/** Line breaks at the end do not begin a line. */
function linesOf(text: string): number {
  return text.replace(/\n+$/, '').split('\n').length;
}

function codeLinesOf(source: ts.SourceFile): number {
  const lines = new Set<number>();
  const mark = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const parts = node.getChildren(source);
    if (parts.length > 0) return parts.forEach(mark);
    if (node.getWidth(source) === 0) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = first; line <= last; line += 1) lines.add(line);
  };
  mark(source);
  return lines.size;
}

/** What a file names in `import`, `export … from`, `import('…')` and `require('…')`, as value or type. */
function specifiersOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if (isImport || (ts.isIdentifier(node.expression) && node.expression.text === 'require')) add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** How many nodes of a source `isOne`. */
function countOf(source: ts.SourceFile, isOne: (node: ts.Node) => boolean): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (isOne(node)) count += 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return count;
}

function isCast(node: ts.Node): boolean {
  return ts.isAsExpression(node) && !ts.isConstTypeReference(node.type);
}

function isCatch(node: ts.Node): boolean {
  if (ts.isCatchClause(node)) return true;
  return (
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'catch'
  );
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function declaredIn(source: ts.SourceFile): Declared[] {
  return source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return namesOf(statement).map((name) => ({ name, isExported }));
  });
}

/** The sources of `texts`, by their names. */
export function sourcesOf(texts: ReadonlyMap<string, string>): SourceFile[] {
  return [...texts].map(([name, text]) => {
    const source = ts.createSourceFile(`${name}.ts`, text, ts.ScriptTarget.ES2022, true);
    const imports = specifiersOf(source).flatMap((specifier) => resolved(name, specifier, texts) ?? []);
    return {
      name,
      lines: linesOf(text),
      codeLines: codeLinesOf(source),
      imports: [...new Set(imports)],
      casts: countOf(source, isCast),
      catches: countOf(source, isCatch),
      declared: declaredIn(source),
    };
  });
}

/** The file of `texts` that `specifier` names in the file `from`. Relative imports carry no extension. */
function resolved(from: string, specifier: string, texts: ReadonlyMap<string, string>): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const name = parts.join('/');
  return [name, name === '' ? 'index' : `${name}/index`].find((candidate) => texts.has(candidate));
}
