import { expect } from 'chai';
import { localeName, localeNameOf } from '../../../../lib/observe/connection/locale';

describe('localeNameOf', () => {
  it('takes the locale from the first variable there is', () => {
    const env = { LC_ALL: 'de_DE.UTF-8', LC_MESSAGES: 'it_IT', LANG: 'fr_FR.UTF-8' };
    expect(localeNameOf(env)).to.equal('de_DE');
    expect(localeNameOf({ ...env, LC_ALL: undefined })).to.equal('it_IT');
    expect(localeNameOf({ LANG: 'fr_FR.UTF-8' })).to.equal('fr_FR');
  });

  it('takes it from the runtime where no variable names one', () => {
    for (const env of [{}, { LANG: 'C.UTF-8' }]) expect(localeNameOf(env)).to.match(/^[a-z]{2,3}(_[A-Za-z]+)*$/);
  });
});

describe('localeName', () => {
  it('is that of the process', () => {
    expect(localeName()).to.equal(localeNameOf(process.env));
  });
});
