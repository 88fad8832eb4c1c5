import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../dataFolder';
import { SqlError } from '../sql/SqlError';

/** A file or folder in a volume. */
export interface VolumeEntry {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly isFolder: boolean;
}

/** Where volumes keep their files: a folder each, `<root>/<catalog>/<schema>/<volume>`. Made when it is first needed. */
export class VolumeFolder {
  readonly root: string;
  private readonly temporary: boolean;

  constructor(dataDir: string | undefined) {
    this.temporary = dataDir === undefined;
    this.root =
      dataDir === undefined
        ? join(tmpdir(), `local-workspace-volumes-${randomBytes(8).toString('hex')}`)
        : join(dataDir, 'volumes');
    if (dataDir !== undefined) makeFolder(this.root);
  }

  /**
   * The parts of `/Volumes/<catalog>/<schema>/<volume>/<path…>`, at least `least` of them. Throws for any other path.
   * Names of catalogs, schemas and volumes know no case.
   */
  parts(remote: string, least: 3 | 4 = 4): string[] {
    const [empty, root, ...parts] = remote
      .replace(/^dbfs:/i, '')
      .replace(least === 3 ? /\/$/ : /$^/, '')
      .split('/');
    const safe = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part));
    if (empty !== '' || root !== 'Volumes' || parts.length < least || !safe) {
      const what = least === 4 ? 'a file in a volume' : 'in a volume';
      throw new SqlError(
        'INVALID_PARAMETER_VALUE.PATH',
        '22023',
        `The path '${remote}' is not ${what}: /Volumes/<catalog>/<schema>/<volume>/<file>.`,
      );
    }
    return parts.map((part, index) => (index < 3 ? part.toLowerCase() : part));
  }

  file(parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** What is directly in the folder at `remote`, by name; the file itself when it is one. Throws PATH_NOT_FOUND. */
  entries(remote: string): VolumeEntry[] {
    const parts = this.parts(remote, 3);
    const stat = statSync(this.file(parts), { throwIfNoEntry: false });
    if (stat?.isFile() === true) return [this.entry(parts)];
    if (stat === undefined) throw pathNotFound(remote);
    return readdirSync(this.file(parts))
      .sort()
      .map((name) => this.entry([...parts, name]));
  }

  /** Every file at or below `remote`, hidden ones (`_…`, `.…`) left out. Throws PATH_NOT_FOUND. */
  filesBelow(remote: string): VolumeEntry[] {
    return this.entries(remote).flatMap((entry) => {
      if (/^[._]/.test(entry.name)) return [];
      return entry.isFolder ? this.filesBelow(entry.path.replace(/\/$/, '')) : [entry];
    });
  }

  /** Names of the volumes of a schema. */
  volumes(catalog: string, schema: string): string[] {
    const folder = this.file([catalog.toLowerCase(), schema.toLowerCase()]);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  create(name: readonly string[]): void {
    mkdirSync(this.file(this.parts(`/Volumes/${name.join('/')}`, 3)), { recursive: true });
  }

  drop(name: readonly string[]): void {
    rmSync(this.file(this.parts(`/Volumes/${name.join('/')}`, 3)), { recursive: true, force: true });
  }

  close(): void {
    if (this.temporary) rmSync(this.root, { recursive: true, force: true });
  }

  private entry(parts: readonly string[]): VolumeEntry {
    const stat = statSync(this.file(parts));
    const isFolder = stat.isDirectory();
    const end = isFolder ? '/' : '';
    return {
      path: `/Volumes/${parts.join('/')}${end}`,
      name: `${parts.at(-1) ?? ''}${end}`,
      sizeBytes: isFolder ? 0 : stat.size,
      modifiedMs: Math.round(stat.mtimeMs),
      isFolder,
    };
  }
}

function pathNotFound(remote: string): SqlError {
  return new SqlError('PATH_NOT_FOUND', '42K03', `Path does not exist: ${remote}.`);
}
