import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(__dirname, '../..');

const sources = new Map<string, ts.SourceFile | undefined>();

/** A host that parses a file once, however many programs it is part of. */
function sharingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile(file, ...rest) {
      if (!file.includes('node_modules')) return host.getSourceFile(file, ...rest);
      if (!sources.has(file)) sources.set(file, host.getSourceFile(file, ...rest));
      return sources.get(file);
    },
  };
}

function optionsOf(folder: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.base.json'), (name) => ts.sys.readFile(name)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
  const rootDir = path.join(folder, 'src');
  return {
    ...options,
    rootDir,
    outDir: path.join(folder, 'js'),
    declaration: false,
    sourceMap: false,
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
  };
}

/**
 * Copies `files` of `lib/` into the folder `src` of `folder`, next to the packages of this repository, and compiles them
 * there with its strict options: JavaScript in `js`. Returns what the compiler complains about.
 */
export function compileAlone(files: readonly string[], folder: string): string[] {
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const copies = files.map((file) => {
    const copy = path.join(folder, 'src', file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(ROOT, 'lib', file), copy);
    return copy;
  });
  const options = optionsOf(folder);
  const program = ts.createProgram(copies, options, sharingHost(options));
  const { diagnostics } = program.emit();
  return [...copies.flatMap((copy) => problemsIn(program, copy)), ...diagnostics.map(textOf)];
}

function problemsIn(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(textOf);
}

function textOf({ file, messageText }: ts.Diagnostic): string {
  return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
