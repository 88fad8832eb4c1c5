import { signal } from '@preact/signals';

/** What the hash says: `#/statement/<id>?r=6h&f.service=checkout`. A hash reaches no log. */
export interface Address {
  readonly page: string;
  readonly id: string;
  readonly parameters: URLSearchParams;
}

/** New values of parameters; null takes one away, a list gives it several times. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>;

const FIRST_PAGE = 'overview';
/** What stays when the reader goes to another page. */
const LASTING = /^(r|from|to|live|f\..+)$/;

export const address = signal(parse(location.hash));

window.addEventListener('hashchange', () => {
  address.value = parse(location.hash);
});

function parse(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', id = ''] = path.split('/', 2);
  return { page: page === '' ? FIRST_PAGE : page, id: decode(id), parameters: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function write({ page, id, parameters }: Address): string {
  // Colons, slashes and commas may stand in a hash as they are, and are easier to read so.
  const query = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return `#/${page}${id === '' ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
}

function changed(parameters: URLSearchParams, changes: Changes): URLSearchParams {
  const result = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    result.delete(name);
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) result.append(name, one);
  }
  return result;
}

/** As the value of a filter: what does not tell. */
export const NOT_TOLD = '(unknown)';

/** The filter that lets through what has this value; null: what does not tell. */
export const only = (filter: string, value: string | null): Changes => ({ [`f.${filter}`]: value ?? NOT_TOLD });

/** The address of a page, with the window and the filters of this one. */
export function linkTo(page: string, changes: Changes = {}, id = ''): string {
  const lasting = [...address.value.parameters].filter(([name]) => LASTING.test(name));
  return write({ page, id, parameters: changed(new URLSearchParams(lasting), changes) });
}

/** Goes to `link`, as a click on it would. */
export function go(link: string): void {
  location.hash = link;
}

/** Changes parameters of this page. `replace`: without a step for the browser's way back. */
export function change(changes: Changes, replace = false): void {
  const next = { ...address.value, parameters: changed(address.value.parameters, changes) };
  if (write(next) === write(address.value)) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', write(next));
  address.value = next;
}

export function parameter(name: string): string | null {
  return address.value.parameters.get(name);
}
