import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { figures } from './support/reading';

describe('the overview of services that send samples', () => {
  it('shows what they stand for, and says in a sentence how much of it is estimated', async () => {
    const [test, browsing] = await Promise.all([testCollector(), Browsing.start()]);
    const logs = Array.from({ length: 60 }, (_, i) =>
      statementLog({
        latencyMs: 100 + i,
        local: i < 10 ? { outcome: 'failed' } : { outcome: 'delivered', sampleRate: 0.1 },
      }),
    );
    await deliver(test.collector.address, [sessionLog(), ...logs]);
    await loaded(test.client, logs.length + 1);
    const { page, troubles, close } = await browsing.visit(test.collector.address, '#/overview?r=1h');
    await settled(page);
    const shown = await figures(page);
    expect(shown.get('Statements')).to.include('510');
    expect(shown.get('Failed')).to.include('· 10');
    const note = page.getByRole('region', { name: 'Figures of the window' }).locator('.note');
    expect(await note.innerText()).to.equal('500 of 510 statements are estimates: their services send samples.');
    expect(troubles).to.deep.equal([]);
    await close();
    await Promise.all([browsing.close(), test.end()]);
  });
});
