import { SEA_CALLS, type SeaCallName } from '../sea/calls';
import { isRpcName, type RpcName } from '../thrift/rpc';
import type { RouteName } from './routes';

/** A call of either protocol. `ExecuteStatement` is the name of one in each. */
export type CallName = RpcName | SeaCallName;

const isSeaCallName = (name: string): boolean => (SEA_CALLS as readonly string[]).includes(name);

export function isCallName(name: string): name is CallName {
  return isRpcName(name) || isSeaCallName(name);
}

/** Whether a request to `route` can be the call `name`. */
export function isCallOf(route: RouteName, name: CallName): boolean {
  return route === 'thrift' ? isRpcName(name) : route === 'sea' && isSeaCallName(name);
}
