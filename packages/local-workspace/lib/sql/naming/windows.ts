import { isNode, type Node } from '../nodes';
import { all, listOf, name, nameIn, type At } from './name';

export const orderName = (node: unknown, at: At): string => {
  if (!isNode(node)) return '';
  const isDescending = node['desc'] === true;
  const isFirst = typeof node['nulls_first'] === 'boolean' ? node['nulls_first'] : !isDescending;
  return `${name(node['this'], at)} ${isDescending ? 'DESC' : 'ASC'} NULLS ${isFirst ? 'FIRST' : 'LAST'}`;
};

export function windowName(inner: Node, at: At): string {
  const call = name(inner['this'], at);
  const given = isNode(inner['over']) ? inner['over'] : {};
  const over = isNode(given['window_name']) ? (at.windows.get(nameIn(given['window_name'])) ?? {}) : given;
  const [partitions, orders] = [
    all(over['partition_by'], at),
    listOf(over['order_by']).map((key) => orderName(key, at)),
  ];
  const parts = [
    ...(partitions.length === 0 ? [] : [`PARTITION BY ${partitions.join(', ')}`]),
    ...(orders.length === 0 ? [] : [`ORDER BY ${orders.join(', ')}`]),
    isNode(over['frame']) ? frameName(over['frame'], at) : `${frameOf(call, orders.length > 0)}`,
  ];
  return `${call} OVER (${parts.join(' ')})`;
}

const TO_HERE = 'BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';

/** The frame of a window that names none. */
function frameOf(call: string, isOrdered: boolean): string {
  const [called = ''] = call.toLowerCase().split('(');
  if (/^(?:rank|dense_rank|percent_rank|row_number|ntile|cume_dist)$/.test(called)) {
    return called === 'cume_dist' ? `RANGE ${TO_HERE}` : `ROWS ${TO_HERE}`;
  }
  if (called === 'lag' || called === 'lead') {
    const [, offset = '1'] = /, (-?\d+)/.exec(call) ?? [];
    const rows = called === 'lag' ? `-${offset}`.replace('--', '') : offset;
    return `ROWS BETWEEN ${rows} FOLLOWING AND ${rows} FOLLOWING`;
  }
  return isOrdered ? `RANGE ${TO_HERE}` : 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING';
}

function frameName(frame: Node, at: At): string {
  const bound = (value: unknown): string => {
    if (value === 'UnboundedPreceding') return 'UNBOUNDED PRECEDING';
    if (value === 'UnboundedFollowing') return 'UNBOUNDED FOLLOWING';
    if (!isNode(value)) return 'CURRENT ROW';
    return isNode(value['Preceding'])
      ? `${name(value['Preceding'], at)} PRECEDING`
      : `${name(value['Following'], at)} FOLLOWING`;
  };
  return `${String(frame['kind']).toUpperCase()} BETWEEN ${bound(frame['start'])} AND ${bound(frame['end'])}`;
}
