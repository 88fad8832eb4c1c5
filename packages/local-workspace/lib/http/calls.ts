import { SEA_CALLS, type SeaCallName } from '../sea/calls';
import { isRpcName, type RpcName } from '../thrift/rpc';

/** A call of either protocol. `ExecuteStatement` is the name of one in each. */
export type CallName = RpcName | SeaCallName;

export function isCallName(name: string): name is CallName {
  return isRpcName(name) || (SEA_CALLS as readonly string[]).includes(name);
}
