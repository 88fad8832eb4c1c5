import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
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
    if (empty !== '' || root !== 'Volumes' || parts.length < least || !parts.every(isName)) {
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
    const own = this.entry(parts);
    if (own === undefined) throw pathNotFound(remote);
    if (!own.isFolder) return [own];
    return readdirSync(this.file(parts))
      .sort()
      .flatMap((name) => this.entry([...parts, name]) ?? []);
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
    return this.folders([catalog.toLowerCase(), schema.toLowerCase()]);
  }

  private folders(parts: readonly string[]): string[] {
    const folder = this.file(parts);
    if (!parts.every(isName) || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
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

  /** Drops every volume of a schema, or of a catalog. */
  dropAll(catalog: string, schema?: string): void {
    for (const name of schema === undefined ? this.folders([catalog.toLowerCase()]) : [schema]) {
      for (const volume of this.volumes(catalog, name)) this.drop([catalog, name, volume]);
    }
  }

  close(): void {
    if (this.temporary) rmSync(this.root, { recursive: true, force: true });
  }

  /** Whether a symbolic link is on the way, which may lead anywhere. */
  isLinked(parts: readonly string[]): boolean {
    return parts.some((_part, i) => {
      const stat = lstatSync(this.file(parts.slice(0, i + 1)), { throwIfNoEntry: false });
      return stat?.isSymbolicLink() === true;
    });
  }

  /** Undefined for what is not there, and behind a link. */
  private entry(parts: readonly string[]): VolumeEntry | undefined {
    const stat = this.isLinked(parts) ? undefined : statSync(this.file(parts), { throwIfNoEntry: false });
    if (!stat) return undefined;
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

/** Whether a part of a path names something in its folder, and a file system takes it. */
function isName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !/[\0\\/]/.test(part) && Buffer.byteLength(part) <= 255;
}
