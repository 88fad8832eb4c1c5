/** Imports by file. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** All files that `from` pulls in, itself included. */
export function closureOf(graph: Graph, from: string): Set<string> {
  const closure = new Set([from]);
  // A set takes in what is added while it is walked.
  for (const file of closure) for (const imported of graph.get(file) ?? []) closure.add(imported);
  return closure;
}

/** Groups of files each of which reaches each other of its group. */
export function circlesOf(graph: Graph): string[][] {
  return componentsOf(graph).filter(
    ([first = '', ...others]) => others.length > 0 || (graph.get(first) ?? []).includes(first),
  );
}

/** The longest chain of imports, from the file that begins it; the files of a circle are one floor. */
export function longestChainOf(graph: Graph): string[] {
  const components = componentsOf(graph);
  const componentOf = new Map(components.flatMap((component) => component.map((file) => [file, component] as const)));
  const chains = new Map<readonly string[], string[]>();
  // Imported components come before those that import them.
  for (const component of components) {
    const below = component
      .flatMap((file) => graph.get(file) ?? [])
      .map((imported) => componentOf.get(imported) ?? [])
      .filter((other) => other !== component)
      .map((other) => chains.get(other) ?? []);
    const longest = below.reduce((best, chain) => (chain.length > best.length ? chain : best), []);
    chains.set(component, [component.join(' = '), ...longest]);
  }
  return [...chains.values()].reduce((best, chain) => (chain.length > best.length ? chain : best), []);
}

/** Strongly connected components after Tarjan: what a component imports comes before it. */
function componentsOf(graph: Graph): string[][] {
  const components: string[][] = [];
  const visits = new Map<string, { readonly index: number; low: number; isOpen: boolean }>();
  const open: string[] = [];
  const visit = (file: string): { readonly index: number; low: number; isOpen: boolean } => {
    const own = { index: visits.size, low: visits.size, isOpen: true };
    visits.set(file, own);
    open.push(file);
    for (const imported of graph.get(file) ?? []) {
      const known = visits.get(imported);
      if (known === undefined) own.low = Math.min(own.low, visit(imported).low);
      else if (known.isOpen) own.low = Math.min(own.low, known.index);
    }
    if (own.low === own.index) {
      const component = open.splice(open.indexOf(file));
      for (const member of component) (visits.get(member) ?? own).isOpen = false;
      components.push(component);
    }
    return own;
  };
  for (const file of graph.keys()) if (!visits.has(file)) visit(file);
  return components;
}
