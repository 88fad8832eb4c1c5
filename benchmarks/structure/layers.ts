import type { Graph } from './graph';

/** What a file belongs to, from the top of the library to its bottom. */
export type Layer =
  'index' | 'client' | 'observe' | 'receiver' | 'component' | 'behind' | 'contracts' | 'model' | 'util' | 'unknown';

/**
 * What each layer may import besides itself. `client`: the composition root and what stands beside it; `receiver`:
 * sinks, OpenTelemetry and explanations, joined to the rest in the client alone; `behind`: folders of `telemetry/`.
 */
const BELOW: Readonly<Record<Layer, readonly Layer[]>> = {
  index: ['client', 'observe', 'receiver', 'component', 'behind', 'contracts', 'model', 'util'],
  client: ['observe', 'receiver', 'component', 'behind', 'contracts', 'model', 'util'],
  observe: ['component', 'behind', 'contracts', 'model', 'util'],
  receiver: ['contracts', 'model', 'util'],
  component: ['behind', 'contracts', 'model', 'util'],
  behind: ['contracts', 'model', 'util'],
  contracts: ['model'],
  model: ['util'],
  util: [],
  unknown: [],
};

/** Folders that know nothing of each other although they are of one layer. */
const APART: readonly Layer[] = ['receiver'];

const FOLDERS: Readonly<Record<string, Layer>> = {
  observe: 'observe',
  sinks: 'receiver',
  opentelemetry: 'receiver',
  explain: 'receiver',
  contracts: 'contracts',
  model: 'model',
  util: 'util',
};

/** The layer of a file, named from the library's folder; `unknown` for a folder that has no place yet. */
export function layerOf(file: string): Layer {
  const [folder = '', ...rest] = file.split('/');
  if (rest.length === 0) return folder === 'index' || folder === 'cli' ? 'index' : 'client';
  if (folder === 'telemetry') return rest.length === 1 ? 'component' : 'behind';
  return FOLDERS[folder] ?? 'unknown';
}

/** Imports that run back up or sideways. */
export function againstLayers(graph: Graph): { readonly from: string; readonly to: string }[] {
  return [...graph].flatMap(([from, imports]) =>
    imports.filter((to) => !isAllowed(from, to)).map((to) => ({ from, to })),
  );
}

function isAllowed(from: string, to: string): boolean {
  const [above, below] = [layerOf(from), layerOf(to)];
  if (above !== below) return BELOW[above].includes(below);
  return !APART.includes(above) || from.split('/')[0] === to.split('/')[0];
}
