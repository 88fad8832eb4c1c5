import { expect } from 'chai';
import { startCollector } from 'databricks-telemetry-collector';
import { SERVE_OPTIONS } from '../lib/cli/optionTable';
import { testCollector } from './testCollector';

const parse = (text: string): unknown =>
  SERVE_OPTIONS()
    .find(({ long }) => long === '--warehouse-names')
    ?.parseArg?.(text, undefined);

describe('names of warehouses', () => {
  it('are answered with the names that filters can have; none when none are given', async () => {
    const warehouseNames = { '1a2b': 'serving-s' };
    for (const options of [{ warehouseNames }, {}]) {
      const test = await testCollector(options);
      expect((await test.client.names()).warehouseNames).to.deep.equal(options.warehouseNames ?? {});
      await test.end();
    }
  });

  it('come from the command line as id=name, and whatever is no such list is refused', () => {
    expect(parse('1a2b=serving-s, 9c0d=batch=m')).to.deep.equal({ '1a2b': 'serving-s', '9c0d': 'batch=m' });
    for (const wrong of ['serving-s', '=serving-s', '1a2b=', '1a2b=x,']) {
      expect(() => parse(wrong), wrong).to.throw('id=name');
    }
  });

  it('that are no names stop the start', async () => {
    for (const wrong of [null, 'x', ['x'], { '1a2b': 7 }, { '1a2b': '' }]) {
      const refused: unknown = await startCollector({ port: 0, warehouseNames: wrong as never }).catch(
        (error: unknown) => error,
      );
      expect(String(refused)).to.match(/^OptionError: warehouseNames/);
    }
  });
});
