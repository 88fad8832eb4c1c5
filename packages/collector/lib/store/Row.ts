/** A value on its way into a store; null and undefined are "unknown". */
export type Cell = string | number | bigint | boolean | null | undefined;

/** A row on its way into a store, by column. */
export type Row = Record<string, Cell>;
