import { literal } from '../sql/quote';
import { definitionOf, type Definition } from './createStatement';
import { parseDuckType } from './duckTypeNames';
import { lastChange, mapOf } from './history';
import { inDuckDb, notView } from './notes';
import type { CommandContext } from './showQueries';
import { typeName } from './types';
import { locationOf } from './upkeepQueries';

/** The query of DESCRIBE DETAIL. Rejects with a SqlError for what is no table. */
export async function describeDetail(name: readonly string[], context: CommandContext): Promise<string> {
  await notView(name, 'DESCRIBE DETAIL', context.connection, context.session);
  const table = await definitionOf(name, context);
  const { catalog, schema, notes } = table;
  const created = `make_timestamptz(${notes.createdMs * 1000})`;
  const features = featuresOf(table);
  const isBasic = features.every((feature) => BASIC.includes(feature));
  const columns: readonly (readonly [name: string, sql: string])[] = [
    ['format', literal(notes.provider ?? 'delta')],
    ['id', textOrNull(notes.id)],
    ['name', literal([catalog, schema, table.name].join('.'))],
    ['description', textOrNull(table.comment)],
    ['location', literal(locationOf([catalog, schema, table.name]))],
    ['createdAt', created],
    ['lastModified', `greatest(${lastChange(catalog, schema, table.name)}, ${created})`],
    ['partitionColumns', texts(notes.partitionedBy ?? [])],
    ['clusteringColumns', texts(notes.clusteredBy ?? [])],
    ['numFiles', `CAST(EXISTS (SELECT 1 FROM ${inDuckDb(table)}) AS BIGINT)`],
    ['sizeInBytes', 'CAST(NULL AS BIGINT)'],
    ['properties', mapOf(notes.properties)],
    ['minReaderVersion', `CAST(${features.some((feature) => READ.includes(feature)) ? 3 : 1} AS INTEGER)`],
    ['minWriterVersion', `CAST(${isBasic ? 2 : 7} AS INTEGER)`],
    ['tableFeatures', texts(features)],
    ['statistics', `MAP(CAST([] AS VARCHAR[]), CAST([] AS BIGINT[]))`],
    ['clusterByAuto', 'false'],
  ];
  return `SELECT ${columns.map(([column, sql]) => `${sql} AS "${column}"`).join(', ')}`;
}

const textOrNull = (text: string | undefined): string => (text === undefined ? 'CAST(NULL AS VARCHAR)' : literal(text));

const texts = (list: readonly string[]): string => `CAST([${list.map(literal).join(', ')}] AS VARCHAR[])`;

/** What every Delta table supports that has no features. */
const BASIC: readonly string[] = ['appendOnly', 'invariants'];
/** Features that readers have to know. */
const READ: readonly string[] = ['timestampNtz', 'variantType'];

/** The features of Delta that the table makes use of. */
function featuresOf({ columns, notes }: Definition): string[] {
  const types = columns.map(({ duckType }) => typeName(parseDuckType(duckType))).join();
  const isUsed: readonly (readonly [feature: string, isUsed: boolean])[] = [
    ['allowColumnDefaults', columns.some(({ clause }) => /^default/i.test(clause ?? ''))],
    ['checkConstraints', (notes.checks ?? []).length > 0],
    ['clustering', (notes.clusteredBy ?? []).length > 0],
    ['domainMetadata', (notes.clusteredBy ?? []).length > 0],
    ['generatedColumns', columns.some(({ clause }) => /^generated/i.test(clause ?? ''))],
    ['timestampNtz', types.includes('timestamp_ntz')],
    ['variantType', types.includes('variant')],
  ];
  return [...BASIC, ...isUsed.filter(([, used]) => used).map(([feature]) => feature)].sort();
}
