import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import sinon from 'sinon';
import { collectGarbage } from '../../.stubs/garbage';
import { ExitFlush } from '../../../../lib/observe/connection/exitFlush';

describe('ExitFlush', () => {
  let events: EventEmitter;
  let exit: ExitFlush;
  /** The application's hold on its clients. */
  const held: object[] = [];

  function add(flush: () => Promise<void>): () => void {
    const sender = { flush };
    held.push(sender);
    return exit.add(sender);
  }

  beforeEach(() => {
    events = new EventEmitter();
    exit = new ExitFlush(events as NodeJS.Process);
    held.length = 0;
  });

  it('has one listener while there is anything to flush, and none otherwise', () => {
    expect(events.listenerCount('beforeExit')).to.equal(0);
    const removeFirst = add(async () => undefined);
    const removeSecond = add(async () => undefined);
    expect(events.listenerCount('beforeExit')).to.equal(1);
    removeFirst();
    removeFirst();
    expect(events.listenerCount('beforeExit')).to.equal(1);
    removeSecond();
    expect(events.listenerCount('beforeExit')).to.equal(0);
  });

  it('flushes each once, however often the process is about to end', () => {
    const flushes = [sinon.stub().resolves(), sinon.stub().resolves()];
    for (const flush of flushes) add(flush);
    events.emit('beforeExit');
    events.emit('beforeExit');
    for (const flush of flushes) sinon.assert.calledOnce(flush);
  });

  it('does not flush where that would call a listener of the application again', () => {
    const flush = sinon.stub().resolves();
    events.on('beforeExit', () => undefined);
    add(flush);
    events.emit('beforeExit');
    sinon.assert.notCalled(flush);
  });

  it('flushes where all other listeners are called once anyway', () => {
    const flush = sinon.stub().resolves();
    add(flush);
    events.once('beforeExit', () => undefined);
    events.emit('beforeExit');
    sinon.assert.calledOnce(flush);
  });

  it('does not flush what was taken back', () => {
    const flush = sinon.stub().resolves();
    const other = sinon.stub().resolves();
    add(other);
    add(flush)();
    events.emit('beforeExit');
    sinon.assert.notCalled(flush);
    sinon.assert.calledOnce(other);
  });

  it('flushes what was added after an earlier end was put off', () => {
    const remove = add(async () => undefined);
    events.emit('beforeExit');
    remove();
    const late = sinon.stub().resolves();
    add(late);
    events.emit('beforeExit');
    sinon.assert.calledOnce(late);
  });

  it('gives its sender half a second', () => {
    const flush = sinon.stub().resolves();
    add(flush);
    events.emit('beforeExit');
    sinon.assert.calledOnceWithExactly(flush, 500);
  });

  it('holds no sender, and has no listener when all of them were collected as garbage', async () => {
    add(async () => undefined);
    const sender = new WeakRef(held.pop()!);
    for (let i = 0; i < 100 && events.listenerCount('beforeExit') > 0; i += 1) await collectGarbage();
    expect(sender.deref()).to.equal(undefined);
    expect(events.listenerCount('beforeExit')).to.equal(0);
  });
});
