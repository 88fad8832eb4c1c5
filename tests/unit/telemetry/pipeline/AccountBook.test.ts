import { expect } from 'chai';
import type { Account } from '../../../../lib/model/account';
import { AccountBook } from '../../../../lib/telemetry/pipeline/AccountBook';

const account = (collected: number, dropped: Account['dropped'] = {}, pending = 0): Account => {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return { collected, delivered: collected - lost - pending, rejected: 0, dropped, sampled: 0, pending };
};

describe('AccountBook', () => {
  it('adds up what runs and what has ended, by receiver', () => {
    const book = new AccountBook();
    const close = book.open('host', () => account(5, { queue_full: 2 }));
    book.open('host', () => account(3, { queue_full: 1, invalid: 1 }, 1));
    book.open('file', () => account(1));
    const expected = [
      { receiver: 'host', ...account(8, { queue_full: 3, invalid: 1 }, 1) },
      { receiver: 'file', ...account(1) },
    ];
    expect(book.reports()).to.deep.equal(expected);
    close();
    close();
    expect(book.reports()).to.deep.equal(expected);
  });

  it('keeps the figures with which a pipeline ended', () => {
    const book = new AccountBook();
    let collected = 1;
    const close = book.open('host', () => account(collected));
    collected = 2;
    close();
    collected = 3;
    expect(book.reports()).to.deep.equal([{ receiver: 'host', ...account(2) }]);
  });

  it('forgets the receivers that ended first when there are thousands', () => {
    const book = new AccountBook();
    book.open('running', () => account(1));
    for (let host = 0; host < 1500; host += 1) book.open(`host ${host}`, () => account(1))();
    const receivers = book.reports().map(({ receiver }) => receiver);
    expect(receivers).to.have.length(1001);
    expect(receivers).to.include.members(['running', 'host 1499', 'host 500']).and.to.not.include('host 499');
  });
});
