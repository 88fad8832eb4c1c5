import { computed, signal } from '@preact/signals';
import type { AnswerTo } from './asking';

/** What connections are known by; null until the collector has told. */
export const names = signal<AnswerTo<'names'> | null>(null);

const warehouses = computed(() => new Map(Object.entries(names.value?.warehouseNames ?? {})));

/** What whoever runs the collector calls a warehouse: drivers tell ids only. */
export const warehouseName = (id: string): string => warehouses.value.get(id) ?? id;
