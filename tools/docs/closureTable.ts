import { closureOf, COMPONENTS } from '../lifting/closure';
import { limitOf } from '../lifting/limits';
import { code, table } from './markdown';

const isShared = (file: string): boolean => !file.startsWith('telemetry/');

/** Each component with the files that it needs. */
export function closureTable(): string {
  const rows = COMPONENTS.map((component) => {
    const { files } = closureOf(component);
    const own = files.filter((file) => !isShared(file)).length;
    return [code(component), `${files.length}`, `${own}`, `${files.length - own}`, `${limitOf(component).goal ?? ''}`];
  });
  return table(['component', 'files', 'of those in telemetry', 'in contracts, model, util', 'goal'], rows);
}

/** The files of each component, as a list for a script. */
export function closureLists(): string {
  return COMPONENTS.map((component) => `- ${code(component)}: ${closureOf(component).files.map(code).join(' ')}`).join(
    '\n',
  );
}
