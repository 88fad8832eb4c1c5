/** Functions of arrays, maps and everything else: see `signatures.ts`. */
export const GENERAL_SIGNATURES = `
array_compact(array) =1 = list_filter($1, lambda __x: __x IS NOT NULL)
array_size(array) int = CAST(len($1) AS INTEGER)
cardinality(array) int = CAST(len($1) AS INTEGER)
cardinality(map) int = CAST(cardinality($1) AS INTEGER)
size(array) int = CAST(len($1) AS INTEGER)
size(map) int = CAST(cardinality($1) AS INTEGER)
isnotnull(any) boolean = $1 IS NOT NULL
isnull(any) boolean = $1 IS NULL
json_array_length(string) int = __json_array_length($1)
json_object_keys(string) string[] = __json_object_keys($1)
reverse(array) =1 = list_reverse($1)
reverse(string) string = __reverse($1)
reverse(binary) binary = refused
spark_partition_id() int = CAST(0 AS INTEGER)
uuid() string = CAST(uuid() AS VARCHAR)
`;
