import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import sinon from 'sinon';
import { ExitFlush } from '../../../../lib/observe/connection/exitFlush';

describe('ExitFlush', () => {
  let events: EventEmitter;
  let exit: ExitFlush;

  beforeEach(() => {
    events = new EventEmitter();
    exit = new ExitFlush(events as NodeJS.Process);
  });

  it('has one listener while there is anything to flush, and none otherwise', () => {
    expect(events.listenerCount('beforeExit')).to.equal(0);
    const removeFirst = exit.add(async () => undefined);
    const removeSecond = exit.add(async () => undefined);
    expect(events.listenerCount('beforeExit')).to.equal(1);
    removeFirst();
    removeFirst();
    expect(events.listenerCount('beforeExit')).to.equal(1);
    removeSecond();
    expect(events.listenerCount('beforeExit')).to.equal(0);
  });

  it('flushes each once, however often the process is about to end', () => {
    const flushes = [sinon.stub().resolves(), sinon.stub().resolves()];
    for (const flush of flushes) exit.add(flush);
    events.emit('beforeExit');
    events.emit('beforeExit');
    for (const flush of flushes) sinon.assert.calledOnce(flush);
  });

  it('does not flush where that would call a listener of the application again', () => {
    const flush = sinon.stub().resolves();
    events.on('beforeExit', () => undefined);
    exit.add(flush);
    events.emit('beforeExit');
    sinon.assert.notCalled(flush);
  });

  it('flushes where all other listeners are called once anyway', () => {
    const flush = sinon.stub().resolves();
    exit.add(flush);
    events.once('beforeExit', () => undefined);
    events.emit('beforeExit');
    sinon.assert.calledOnce(flush);
  });

  it('does not flush what was taken back', () => {
    const flush = sinon.stub().resolves();
    const other = sinon.stub().resolves();
    exit.add(other);
    exit.add(flush)();
    events.emit('beforeExit');
    sinon.assert.notCalled(flush);
    sinon.assert.calledOnce(other);
  });

  it('flushes what was added after an earlier end was put off', () => {
    const remove = exit.add(async () => undefined);
    events.emit('beforeExit');
    remove();
    const late = sinon.stub().resolves();
    exit.add(late);
    events.emit('beforeExit');
    sinon.assert.calledOnce(late);
  });
});
