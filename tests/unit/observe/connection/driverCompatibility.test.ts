import { connections } from '@databricks/sql';
import HiveDriver from '@databricks/sql/dist/hive/HiveDriver';
import { expect } from 'chai';
import {
  connectionProviderDifferences,
  driverDifferences,
  DRIVER_METHODS,
  isKnownConnectionProvider,
  isKnownDriver,
} from '../../../../lib/observe/connection/driverCompatibility';
import { ClientContextStub } from '../../.stubs/ClientContextStub';

const driver = new HiveDriver({ context: new ClientContextStub() as never });
const provider = new connections.HttpConnection({ host: 'h', port: 1, path: '/' }, new ClientContextStub() as never);

/** A class like that of `target`, with one method more and one that is none. */
function changed(target: object, missing: string): object {
  const prototype = Object.create(Object.getPrototypeOf(target) as object) as object;
  return Object.create(Object.assign(prototype, { [missing]: undefined, brandNew: () => undefined })) as object;
}

describe('known shapes', () => {
  it('are those of the installed driver', () => {
    const context = new ClientContextStub();
    expect(DRIVER_METHODS).to.have.length(21);
    expect(driverDifferences(driver)).to.deep.equal([]);
    expect(connectionProviderDifferences(provider)).to.deep.equal([]);
    expect(isKnownDriver(driver, context)).to.equal(true);
    expect(isKnownConnectionProvider(provider, context)).to.equal(true);
    expect(context.lines).to.deep.equal([]);
  });

  it('name what is missing and what is new', () => {
    expect(driverDifferences(changed(driver, 'fetchResults'))).to.include.members(['-fetchResults', '+brandNew']);
    expect(connectionProviderDifferences(changed(provider, 'getAgent'))).to.include.members(['-getAgent', '+brandNew']);
  });

  it('say so in one debug line', () => {
    const context = new ClientContextStub();
    expect(isKnownDriver(changed(driver, 'getInfo') as never, context)).to.equal(false);
    expect(isKnownConnectionProvider(changed(provider, 'getAgent') as never, context)).to.equal(false);
    expect(context.lines).to.have.length(2);
    expect(context.lines[0]).to.match(/^debug telemetry: driver not observed, its methods differ: -getInfo /);
    expect(context.lines[1]).to.match(/^debug telemetry: connection provider not observed, .*-getAgent/);
  });

  it('are also those of an object that has the methods without a class', () => {
    const methods = Object.fromEntries(DRIVER_METHODS.map((name) => [name, () => undefined]));
    expect(driverDifferences(methods)).to.deep.equal([]);
    expect(driverDifferences(Object.assign(Object.create(null) as object, methods))).to.deep.equal([]);
  });
});
