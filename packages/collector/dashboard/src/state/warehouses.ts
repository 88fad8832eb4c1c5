import { signal } from '@preact/signals';

/** What whoever runs the collector calls warehouses, by their ids: drivers tell ids only. */
export const warehouseNames = signal<ReadonlyMap<string, string>>(new Map());

export const warehouseName = (id: string): string => warehouseNames.value.get(id) ?? id;
