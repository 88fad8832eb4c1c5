"""Functions and the types of their arguments: `name types` per overload; `@` calls take a template instead.
Letters are pools of values.py, «text» a string literal."""

SCALARS = """
abs i; abs d; abs m; abs l; abs I
acos u; acosh d; asin u; asinh d; atan d; atan2 dd; atanh u; cbrt d; ceil d; ceil m; ceil i; ceil l; ceil mp; ceiling d; ceiling m; cos d; cosh d; cot d; csc d
degrees d; e ; exp d; expm1 d; floor d; floor m; floor i; floor mp; hypot dd; ln d; log d; log dd; log10 d; log1p d; log2 d; pi ; pow dd; pow in; power dn
radians d; rint d; round d; round m; round dn; round mn; round i; round in; bround d; bround mn; bround dn; bround in; sec d; sign d; sign m; signum i; signum d; sin d; sinh d; sqrt d; sqrt i; tan d; tanh d
factorial n; factorial p; positive i; positive m; negative i; negative d; negative m; negative l; pmod in; pmod ii; pmod dd; pmod mm; mod in; mod ll; mod dd; mod mm; greatest ii; greatest dd; greatest ss; greatest DD; greatest iii; greatest id; greatest im; least ii; least ds; least dd; least ss; least TT; least iii
bit_count i; bit_count l; bit_count b; bit_get ip; getbit lp; shiftleft ip; shiftleft lp; shiftright ip; shiftright lp; shiftrightunsigned ip; shiftrightunsigned lp; bin i; bin l; conv sp; hex i; hex s; hex x; hex l; unhex s; unhex q
width_bucket dddp; width_bucket ddd; isnan d; isnan i; nanvl dd; div ip; try_add ii; try_add ll; try_add dd; try_add mm; try_add Dn; try_add TI; try_subtract ii; try_subtract ll; try_subtract mm; try_multiply ii; try_multiply ll; try_multiply mm; try_divide ii; try_divide dd; try_divide mm; try_mod ii; try_mod mm; try_mod dd
ascii s; ascii w; base64 x; base64 s; unbase64 s; bit_length s; bit_length x; btrim s; btrim sw; char i; char n; chr i; chr p; char_length s; character_length s; length s; length x; length i; len s; octet_length s; octet_length x; concat ss; concat si; concat xx; concat AA; concat SS; concat sss; concat s; concat_ws wss; concat_ws wSs; concat_ws wS; concat_ws wi
contains sw; contains xx; endswith sw; startswith sw; elt pss; elt nss; find_in_set ws; find_in_set ss; format_number dp; format_number ip; format_number mn; format_number dn; format_string «%s-%s»ss; format_string «%d»i; format_string «%5.2f»d; format_string «%05d|%x»ii; format_string «%s»d; format_string «%10s|%-10s|»ss; format_string «%,d»l; format_string «%e»d; format_string «%s %%»A; printf «%s»b; printf «%d %s»is
initcap s; instr sw; lcase s; lower s; upper s; ucase s; left sn; right sn; left sp; levenshtein ss; levenshtein sss; levenshtein ssn; locate ws; locate wsn; lpad sps; lpad sp; lpad snw; rpad sps; rpad snw; rpad sp; ltrim s; ltrim ws; rtrim s; rtrim ws; trim s; luhn_check q; luhn_check s; mask s; mask sw; md5 s; md5 x; overlay swp; overlay swpn; position ws; position wsn; repeat sn; repeat sp; replace sw; replace sww; reverse s; reverse A; reverse S; sentences s; sha s; sha1 s; sha1 x; sha2 sp; sha2 s«256»; soundex s; space n; split sw; split swn; split_part swn; split_part swp; substr sn; substr snn; substring sn; substring snp; substring xnp; substring_index swn; translate sww; translate ssw; to_binary s; to_binary s«utf-8»; encode s«utf-8»; decode x«utf-8»; decode x«UTF-16BE»; encode s«utf-16be»; url_encode s; url_decode s; try_url_decode q; is_valid_utf8 s; is_valid_utf8 x; make_valid_utf8 x; validate_utf8 s; try_validate_utf8 x; jaro_winkler_similarity ss; collation s; crc32 s; crc32 x; hash i; hash s; hash l; hash d; hash is; hash D; hash b; hash A; xxhash64 i; xxhash64 s; xxhash64 is; xxhash64 d; xxhash64 l; lower i; upper q; parse_url «http://user:pw@h.com:80/p/a.html?q=1&r=2#ref»«HOST»; parse_url «http://h.com/p?q=1»«QUERY»; parse_url «http://h.com/p?q=1»«QUERY»«q»; parse_url «https://h.com/p/a?b#c»«PATH»; parse_url s«HOST»; to_base32 s; from_base32 s; randstr n; hmac ss; st_srid x
regexp_replace sww; regexp_replace s«[a-c]»«<$0>»; regexp_replace s«(\\w)(\\w)»«$2$1»; regexp_replace s«o»«0»p; regexp_replace s«\\s+»«_»; regexp_extract s«(\\w+) (\\w+)»; regexp_extract s«(\\w+) (\\w+)»p; regexp_extract s«[a-z]+»«0»; regexp_extract_all s«[a-z]»; regexp_extract_all s«([a-z])([a-z])»; regexp_extract_all s«\\w+»n; regexp_extract_all s«[a-z]+»«0»; regexp_like sw; regexp_like s«^[a-z]+$»; regexp_like s«(?i)HELLO»; regexp s«l+»; rlike s«\\d»; rlike sw; regexp_count sw; regexp_count s«[a-z]»; regexp_instr sw; regexp_instr s«o»; regexp_instr s«l(l)»; regexp_substr s«[A-Z]\\w*»; regexp_substr sw; like sw; like s«%l%»; like s«a_c»; like s«\\_%»; ilike s«HELLO%»; ilike s«ÄÖ%»; regexp_like s«a(?=b)»
add_months Dn; add_months Di; add_months Tn; date_add Dn; date_add kn; date_add Tn; date_sub Dn; date_diff DD; datediff DD; datediff TD; datediff kk; date_from_unix_date i; date_from_unix_date n; unix_date D; dayname D; dayofmonth D; dayofmonth T; day D; day k; dayofweek D; dayofweek T; dayofyear D; dayofyear T; weekday D; weekofyear D; weekofyear T; week D; month D; month T; month k; monthname D; quarter D; quarter T; year D; year T; year k; hour T; hour N; hour k; minute T; minute N; second T; second N; last_day D; last_day T; last_day k; next_day D«MO»; next_day D«friday»; next_day D«xx»; next_day Ds; months_between DD; months_between TT; months_between TTb; months_between kD; make_date ipp; make_date «2024»pp; make_date ppi; trunc D«MM»; trunc D«year»; trunc D«week»; trunc D«Q»; trunc D«xx»; trunc Ds; trunc k«month»; date_trunc «month»T; date_trunc «YEAR»D; date_trunc «week»T; date_trunc «hour»N; date_trunc «dd»T; date_trunc «quarter»T; date_trunc «MICROSECOND»T; date_trunc «second»T; date_trunc «xx»T; date_trunc «minute»k; to_date k; to_date D; to_date k«yyyy-MM-dd»; to_date «29/02/2024»«dd/MM/yyyy»; to_date «Feb 29, 2024»«MMM dd, yyyy»; to_date «20240229»«yyyyMMdd»; to_date «2024-13-01»«yyyy-MM-dd»; to_date T; try_to_date k; try_to_date k«yyyy-MM-dd»; to_timestamp k; to_timestamp T; to_timestamp D; to_timestamp k«yyyy-MM-dd HH:mm:ss»; to_timestamp «29.02.2024 13:05»«dd.MM.yyyy HH:mm»; to_timestamp «Feb 9 2024 1:05 PM»«MMM d yyyy h:mm a»; to_timestamp «2024-02-29T12:34:56.789»«yyyy-MM-dd'T'HH:mm:ss.SSS»; to_timestamp_ntz k; to_timestamp_ltz k; try_to_timestamp k; try_to_timestamp k«yyyy-MM-dd»; timestamp_seconds i; timestamp_seconds d; timestamp_seconds m; timestamp_millis i; timestamp_millis l; timestamp_micros l; timestamp_micros i; unix_seconds T; unix_millis T; unix_micros T; unix_timestamp T; unix_timestamp D; unix_timestamp k; unix_timestamp k«yyyy-MM-dd»; to_unix_timestamp T; to_unix_timestamp k; to_unix_timestamp k«yyyy-MM-dd»; from_unixtime i; from_unixtime l; from_unixtime i«yyyy-MM-dd'T'HH:mm»; from_utc_timestamp T«Asia/Tokyo»; from_utc_timestamp T«America/New_York»; from_utc_timestamp k«+02:00»; from_utc_timestamp T«Bad/Zone»; to_utc_timestamp T«Asia/Tokyo»; to_utc_timestamp T«Europe/Berlin»; to_utc_timestamp kw; convert_timezone «UTC»«Asia/Tokyo»N; convert_timezone «Europe/Berlin»«America/New_York»N; convert_timezone «Asia/Tokyo»N; make_timestamp pppppp; make_timestamp «2024»pppnd; make_timestamp ippppd; make_timestamp_ntz «2024»ppppp; make_timestamp_ltz «2024»ppppp; try_make_timestamp ippppp; make_dt_interval nnnn; make_dt_interval n; make_dt_interval nnnm; make_ym_interval nn; make_ym_interval n; make_interval nn; make_interval nnnnnn; date_part «year»D; date_part «MONTH»T; date_part «dow»D; date_part «week»D; date_part «seconds»T; date_part «hour»T; date_part «doy»D; date_part «yearofweek»D; date_part «dayofweek_iso»D; date_part «xx»D; date_part «day»I; datepart «quarter»T; time_bucket I
date_format T«yyyy-MM-dd HH:mm:ss»; date_format D«MMM d, yyyy»; date_format D«EEE»; date_format D«EEEE»; date_format T«h a»; date_format T«hh:mm a»; date_format T«SSS»; date_format T«HH:mm:ss.SSSSSS»; date_format T«yyyy-MM-dd'T'HH:mm:ss'Z'»; date_format D«MMMM»; date_format D«D»; date_format D«DDD»; date_format D«Q»; date_format D«QQQ»; date_format D«yy»; date_format D«y»; date_format D«u»; date_format D«M/d/yy»; date_format T«k»; date_format T«K»; date_format T«H:m:s»; date_format D«G»; date_format T«'quoted ''text'''»; date_format T«XXX»; date_format T«z»; date_format T«VV»; date_format T«xx»; date_format T«Z»; date_format D«F»; date_format D«LLL»; date_format D«E»; date_format k«yyyy»; date_format N«HH:mm»; date_format T«x y»; date_format T«[yyyy]»; date_format D«yyyyMMdd»; date_format D«YYYY»; date_format D«e»; date_format D«w»; date_format Ts
array ii; array is; array id; array ss; array ; array iii; array im; array DT; array_append Ai; array_append Ss; array_compact A; array_compact S; array_contains Ai; array_contains Sw; array_contains FD; array_distinct A; array_distinct S; array_distinct F; array_except AA; array_except SS; array_insert Ani; array_insert Ssw; array_insert Snw; array_intersect AA; array_intersect SS; array_join Sw; array_join Sww; array_join Aw; array_max A; array_max S; array_max F; array_min A; array_min S; array_min F; array_position Ai; array_position Sw; array_prepend Ai; array_prepend Sw; array_remove Ai; array_remove Sw; array_repeat in; array_repeat sn; array_repeat An; array_size A; array_sort A; array_sort S; array_sort F; array_union AA; array_union SS; arrays_overlap AA; arrays_overlap SS; arrays_zip AS; arrays_zip A; cardinality A; cardinality M; element_at An; element_at Sn; element_at Mw; element_at Ai; try_element_at An; try_element_at Mw; try_element_at Sn; explode A; flatten G; get An; get Sn; get Ai; sequence np; sequence npp; sequence pnn; sequence DDI; sequence ll;  shuffle A; size A; size M; size S; slice Anp; slice Snp; slice Ann; sort_array A; sort_array Ab; sort_array S; sort_array Sb; sort_array F; map si; map sisi; map ; map is; map_concat MM; map_contains_key Mw; map_contains_key Kn; map_entries M; map_from_arrays SA; map_from_entries A; map_keys M; map_keys K; map_values M; map_values K; named_struct «a»i«b»s; struct is; struct i; str_to_map s; str_to_map sww; str_to_map «a:1,b:2»; vector_norm A
coalesce ii; coalesce is; coalesce id; coalesce iii; coalesce sss; if bii; if bid; if bss; if bsi; ifnull ii; ifnull ss; isnull i; isnull s; isnotnull i; isnotnull A; nullif ii; nullif ss; nullif dd; nullifzero i; nullifzero d; nvl ii; nvl is; nvl id; nvl DT; nvl2 iii; nvl2 sid; zeroifnull i; zeroifnull m; equal_null ii; equal_null ss; equal_null dd; assert_true b; raise_error s; typeof i; typeof d; typeof m; typeof s; typeof A; typeof M; typeof R; typeof T; typeof N; typeof D; typeof I; typeof Y; typeof x; typeof b; typeof G; typeof V; typeof l; typeof f; current_timezone ; decode isis; decode iisis; decode ss«x»; decode nisisi; not b; bigint q; int q; int d; int m; int b; double q; float q; decimal q; smallint i; tinyint i; string i; string d; string T; string D; string b; string m; string x; boolean q; boolean i; date k; date T; timestamp k; timestamp D; binary s; monotonically_increasing_id ; spark_partition_id ; input_file_name 
get_json_object j«$.a»; get_json_object j«$.b.c»; get_json_object j«$.d[0]»; get_json_object j«$.d[*]»; get_json_object j«$»; get_json_object j«$[1]»; get_json_object j«a»; get_json_object j«$.d[2].e»; get_json_object j«$['a']»; get_json_object j«$[*].a»; get_json_object js; json_array_length j; json_object_keys j; json_tuple j«a»; to_json R; to_json M; to_json A; to_json V; to_json S; from_json j«a INT, b STRING»; from_json j«a INT»; from_json j«array<int>»; from_json j«map<string,string>»; schema_of_json «{"a":1}»; parse_json j; try_parse_json j; variant_get V«$.a»; variant_get V«$.a»«int»; variant_get V«$.b[1]»«string»; variant_get V«$.c.d»«double»; variant_get V«$.zz»«int»; try_variant_get V«$.b»«int»; try_variant_get V«$.a»«string»; is_variant_null V; schema_of_variant V; to_variant_object A; from_csv «1,x»«a INT, b STRING»; to_csv R; schema_of_csv «1,x»; to_char ip; to_char i«999»; to_char m«999.99»; to_char m«S$99,999.00»; to_char m«0000.0»; to_char d«99»; to_char D«yyyy»; to_char T«HH»; to_char x«hex»; to_varchar m«999.9»; to_number «12,345.67»«99,999.99»; to_number «-12»«S99»; to_number «$5»«$9»; to_number q«999»; try_to_number q«999»; try_to_number q«99.9»; try_to_binary s; try_to_binary q«hex»; to_binary q«hex»; xpath_string «<a><b>1</b></a>»«a/b»; from_xml «<p><a>1</a></p>»«a INT»
unix_nanos T; try_make_interval nn; to_time k; make_time ppp; bitmap_bit_position l; bitmap_bucket_number l; map_filter M; aes_encrypt s«0000111122223333»; 
"""

# Templates: `{x}` is a value of that pool.
TEMPLATES = r"""
{i} + {i}; {i} - {n}; {i} * {n}; {i} / {n}; {i} % {n}; {l} + {i}; {l} * {l}; {y} + {y}; {h} * {i}; {y} / {y}; {d} + {d}; {d} - {i}; {d} * {d}; {d} / {d}; {d} % {n}; {f} + {f}; {f} * {i}; {f} + {d}; {m} + {m}; {m} - {m}; {m} * {m}; {m} / {m}; {m} % {m}; {m} + {i}; {i} * {m}; {m} / {n}; {m} + {d}; {i} DIV {n}; {m} DIV {n}; {l} DIV {l}; {q} + {n}; {n} * {q}; {q} / {p}; {d} + {q}; -{i}; -{d}; -{m}; -{l}; +{i}; ~{i}; ~{l}; {i} & {i}; {i} | {l}; {i} ^ {n}; {i} << {p}; {i} >> {p}; {l} >>> {p}
{i} = {i}; {i} < {d}; {i} <=> {i}; {s} = {s}; {s} < {s}; {s} <=> {s}; {i} = {q}; {d} = {d}; {d} < {d}; {d} >= {d}; {D} < {D}; {D} = {T}; {D} < {k}; {T} = {N}; {m} = {i}; {m} < {d}; {b} = {b}; {b} AND {b}; {b} OR {b}; NOT {b}; {b} = {i}; {A} = {A}; {A} < {A}; {R} = {R}; {S} = {S}; {i} != {i}; {s} <> {w}; {i} == {n}; {i} BETWEEN {n} AND {i}; {s} BETWEEN {w} AND {s}; {i} NOT BETWEEN {n} AND {i}; {i} IN ({n}, {i}); {i} NOT IN ({n}, {n}); {s} IN ({s}, {w}); {i} IS NULL; {s} IS NOT NULL; {b} IS TRUE; {b} IS NOT FALSE; {b} IS UNKNOWN; {i} IS DISTINCT FROM {i}; {s} IS NOT DISTINCT FROM {s}
CASE WHEN {b} THEN {i} ELSE {d} END; CASE WHEN {b} THEN {s} END; CASE {n} WHEN 1 THEN {s} WHEN 2 THEN {w} ELSE 'z' END; CASE WHEN {b} THEN {i} WHEN {b} THEN {m} END; CASE WHEN {b} THEN {D} ELSE {T} END; CASE {s} WHEN 'abc' THEN 1 END; CASE WHEN {b} THEN {i} ELSE {s} END; CASE WHEN {b} THEN NULL ELSE {i} END
{s} || {s}; {s} || {i}; {A} || {A}; {x} || {x}; {s} || {d}; {s} || {D}; {s} LIKE '%l%'; {s} LIKE {w}; {s} NOT LIKE 'a%'; {s} LIKE 'a!_%' ESCAPE '!'; {s} ILIKE '%HELLO%'; {s} RLIKE '^[a-zA-Z ]+$'; {s} LIKE ANY ('a%', '%d'); {s} LIKE ALL ('a%', '%c'); {s} NOT LIKE ANY ('a%', '%d'); {s} REGEXP '\\w+'; {s} LIKE '\\%'
CAST({q} AS INT); CAST({q} AS BIGINT); CAST({q} AS TINYINT); CAST({q} AS DOUBLE); CAST({q} AS FLOAT); CAST({q} AS DECIMAL(10,2)); CAST({q} AS DECIMAL); CAST({q} AS BOOLEAN); CAST({k} AS DATE); CAST({k} AS TIMESTAMP); CAST({k} AS TIMESTAMP_NTZ); TRY_CAST({q} AS INT); TRY_CAST({q} AS DOUBLE); TRY_CAST({q} AS DECIMAL(5,1)); TRY_CAST({q} AS BOOLEAN); TRY_CAST({k} AS DATE); TRY_CAST({k} AS TIMESTAMP); TRY_CAST({i} AS TINYINT); TRY_CAST({d} AS INT); CAST({i} AS TINYINT); CAST({i} AS STRING); CAST({i} AS DOUBLE); CAST({i} AS DECIMAL(5,2)); CAST({i} AS BOOLEAN); CAST({i} AS TIMESTAMP); CAST({l} AS INT); CAST({l} AS FLOAT); CAST({d} AS INT); CAST({d} AS BIGINT); CAST({d} AS STRING); CAST({d} AS DECIMAL(10,3)); CAST({d} AS FLOAT); CAST({d} AS BOOLEAN); CAST({d} AS TIMESTAMP); CAST({f} AS STRING); CAST({f} AS DOUBLE); CAST({m} AS INT); CAST({m} AS STRING); CAST({m} AS DOUBLE); CAST({m} AS DECIMAL(6,1)); CAST({m} AS DECIMAL(38,10)); CAST({m} AS BOOLEAN); CAST({b} AS INT); CAST({b} AS STRING); CAST({b} AS DOUBLE); CAST({D} AS STRING); CAST({D} AS TIMESTAMP); CAST({D} AS INT); CAST({T} AS STRING); CAST({T} AS DATE); CAST({T} AS BIGINT); CAST({T} AS DOUBLE); CAST({T} AS TIMESTAMP_NTZ); CAST({N} AS STRING); CAST({N} AS TIMESTAMP); CAST({s} AS BINARY); CAST({x} AS STRING); CAST({i} AS BINARY); CAST({A} AS STRING); CAST({S} AS STRING); CAST({M} AS STRING); CAST({R} AS STRING); CAST({A} AS ARRAY<STRING>); CAST({S} AS ARRAY<INT>); CAST({M} AS MAP<STRING,STRING>); CAST({R} AS STRUCT<x:BIGINT,y:STRING>); CAST({I} AS STRING); CAST({Y} AS STRING); CAST({s} AS VARCHAR(3)); CAST({s} AS CHAR(5)); {q}::INT; {i}::STRING; CAST({V} AS STRING); CAST({G} AS STRING); CAST({F} AS STRING); CAST({A} AS ARRAY<DOUBLE>)
{D} + {n}; {D} - {n}; {D} - {D}; {D} + {I}; {D} + {Y}; {D} - {Y}; {T} + {I}; {T} - {I}; {T} + {Y}; {T} - {T}; {N} + {I}; {N} - {N}; {I} + {I}; {I} - {I}; {Y} + {Y}; {I} * {n}; {Y} * {n}; {I} / {p}; {Y} / {p}; -{I}; -{Y}; {I} < {I}; {Y} = {Y}; {n} * {I}; {D} - {T}; {D} + INTERVAL 1 DAY; {T} + INTERVAL 2 HOURS; {T} - INTERVAL '1' MONTH; {D} + INTERVAL '1' WEEK; {k} + INTERVAL 1 DAY; EXTRACT(YEAR FROM {D}); EXTRACT(MONTH FROM {T}); EXTRACT(HOUR FROM {T}); EXTRACT(SECOND FROM {T}); EXTRACT(DOW FROM {D}); EXTRACT(WEEK FROM {D}); EXTRACT(DAY FROM {I}); EXTRACT(MINUTE FROM {I}); EXTRACT(YEAR FROM {Y}); EXTRACT(QUARTER FROM {D}); EXTRACT(DOY FROM {D})
datediff(MONTH, {T}, {T}); datediff(DAY, {D}, {T}); datediff(YEAR, {D}, {D}); datediff(HOUR, {T}, {T}); datediff(WEEK, {D}, {D}); timestampdiff(MINUTE, {T}, {T}); timestampdiff(QUARTER, {T}, {T}); dateadd(MONTH, {n}, {D}); dateadd(DAY, {n}, {T}); dateadd(HOUR, {n}, {T}); timestampadd(YEAR, {n}, {T}); timestampadd(WEEK, {n}, {D}); dateadd(QUARTER, {n}, {T}); timestampadd(MICROSECOND, {n}, {T}); date_add(MONTH, {n}, {T})
TRIM({s}); TRIM(BOTH 'a' FROM {s}); TRIM(LEADING FROM {s}); TRIM(TRAILING 'd' FROM {s}); SUBSTRING({s} FROM 2); SUBSTRING({s} FROM 2 FOR 3); POSITION('l' IN {s}); OVERLAY({s} PLACING 'XY' FROM 2); OVERLAY({s} PLACING 'XY' FROM 2 FOR 1)
{A}[0]; {A}[{n}]; {S}[1]; {M}['a']; {M}[{w}]; {K}[1]; {R}.a; {R}.b; {G}[0][1]; array(1,2,3)[{n}]; map('a', {i})['a']; named_struct('x', {i}).x; {A}[ci]
transform({A}, x -> x + 1); transform({A}, (x, i) -> x * i); transform({S}, x -> upper(x)); transform({S}, (x, i) -> concat(x, i)); filter({A}, x -> x > 1); filter({A}, (x, i) -> i > 0); filter({S}, x -> x IS NOT NULL); exists({A}, x -> x = 2); exists({A}, x -> x IS NULL); forall({A}, x -> x > 0); aggregate({A}, 0, (a, x) -> a + x); aggregate({A}, 0, (a, x) -> a + coalesce(x, 0), a -> a * 10); reduce({A}, 10, (a, x) -> a - x); aggregate({S}, '', (a, x) -> concat(a, x)); zip_with({A}, {A}, (x, y) -> x + y); zip_with({A}, {S}, (x, y) -> concat(x, y)); map_filter({M}, (k, v) -> v > 1); transform_keys({M}, (k, v) -> upper(k)); transform_values({M}, (k, v) -> v + 1); map_zip_with({M}, {M}, (k, a, b) -> coalesce(a, 0) + coalesce(b, 0)); array_sort({A}, (a, b) -> CASE WHEN a < b THEN 1 WHEN a > b THEN -1 ELSE 0 END); array_sort({S}, (a, b) -> length(a) - length(b)); transform({G}, x -> size(x)); transform({A}, x -> {i}); transform(transform({A}, x -> x + 1), y -> y * 2); filter({A}, x -> x = {n}); array_max(transform({A}, x -> -x)); transform({A}, x -> array(x, x)); transform({A}, x -> named_struct('v', x)); array_position(transform({A}, x -> x + 1), 2)
{V}:a; {V}:a::int; {V}:b[1]::string; {V}:c.d::double; {V}:zz; {V}:b; {V}:c; {V}:["a"]; typeof({V}:a)
typeof({m} + {m}); typeof({m} * {m}); typeof({m} / {m}); typeof({i} / {i}); typeof({y} + {h}); typeof({D} - {D}); typeof(array({i}, {d})); typeof(coalesce({i}, {m})); typeof({m} % {m}); typeof(map({s}, {A})); typeof(NULL); typeof(1.50); typeof(1e3); typeof(100000000000); typeof(99999999999999999999); typeof(X'1F')
concat(upper({s}), lower({s})); length(trim({s})); coalesce(nullif({s}, ''), 'none'); substring(upper({s}), {p}, 2); year(date_add({D}, {n})); date_format(date_trunc('month', {T}), 'yyyy-MM-dd'); size(split({s}, '')); round({m} * 1.1, 2); abs({i} - 100); if({i} > 5, 'big', 'small'); greatest({i}, {n}, 3); array_contains(split({s}, ','), 'b'); cast({i} AS STRING) || '%'; nvl({s}, 'n') = 'n'; lpad(cast({i} AS STRING), 5, '0'); to_date(date_format({D}, 'yyyy-MM-dd')); month(add_months({D}, {n})); concat_ws('-', year({D}), month({D})); array_join(array_sort({S}), '|'); element_at(map('k', {i}), 'k'); size(filter({A}, x -> x > 0)); ceil({d}) + floor({d}); sqrt(abs({i})); {i} % 2 = 0; upper(substr({s}, 1, 1)); replace({s}, 'a', 'b') LIKE 'b%'; int({d}) + {n}; named_struct('a', {i}, 'b', array({s})); map({s}, array({i})); array(map('a', {i})); array(named_struct('a', {i})); explode(array({i})); CAST(array({d}) AS ARRAY<INT>); array_append(array({i}), {n}); map_keys(map({s}, {i})); array({i}, {n})[0]; array_union(array({n}), array({n})); array_contains(array({s}), {w}); flatten(array(array({i}), array({n}))); struct({i}, {s}).col1; sequence(1, {p}); array_repeat({s}, 2)
'a\tb\nc'; 'it''s'; 'it\'s'; "dq"; r'raw\n'; 'A\u00e9'; 'a' 'b'; '\101'; '\%'; '\x'; 1; 1L; 1S; 1Y; 1.5; 1.5D; 1.5F; 1.5BD; 1e3; .5; 5.; 00012; 2147483648; 9223372036854775807; 9223372036854775808; 99999999999999999999999999999999999999; 123456789012345678901234567890123456789; X'ABC'; DATE'2024-02-30'; DATE'x'; TIMESTAMP'2024-02-29 25:00:00'; TIMESTAMP'2024-02-29 12:00:00 Asia/Tokyo'; TIMESTAMP'2024-02-29T12:00:00+02:00'; INTERVAL '1' DAY; INTERVAL 2 DAYS; INTERVAL '1-2' YEAR TO MONTH; INTERVAL 1 YEAR 2 MONTHS; INTERVAL 1 DAY 2 HOURS; INTERVAL '10:20' MINUTE TO SECOND; INTERVAL -1 DAY; INTERVAL '25' HOUR; NULL; true; current_date() = current_date; now() IS NOT NULL; current_timestamp() = now(); localtimestamp() IS NOT NULL; curdate() = current_date(); rand(0) < 1; rand() BETWEEN 0 AND 1; randn(0) IS NOT NULL; length(uuid()); no_such_function(1); abs(1, 2); abs(); upper(); substring('abc'); sum(sum(1)); abs('x'); upper(array(1)); array(1)[5]; element_at(array(1), 0); 1 + true; true + true; array(1) + 1; date_add(1, 1); length(array(1)); explode(explode(array(1))); size(1); map(1); map('a', 1, 'a', 2); map(NULL, 1); nosuch + 1; -(-5); - -5; 1 - -1; NOT true AND false; 1 = 1 = true; 2 + 3 * 4; (2 + 3) * 4; 10 - 4 - 3; 2 * 3 % 4; true OR false AND false; NOT 1 = 2; 5 & 3 | 8; 'a' || 'b' = 'ab'; -2 % 3; 7 DIV -2; -7 / 2; 1 IN (1, NULL); 2 IN (1, NULL); NULL IN (1); NULL = NULL; 1 <=> NULL; cast(null as int) + 1; CASE WHEN NULL THEN 1 ELSE 2 END; if(NULL, 1, 2); 'abc' < 'abd'; 'a' = 'A'; 'a' = 'a '; 1 = '1'; 1 = 1.0; '1' = 1.0; DATE'2024-01-01' = '2024-01-01'
"""

AGGREGATES = """
count i; count s; count *; count is; sum i; sum d; sum m; sum l; sum q; sum y; sum f; avg i; avg d; avg m; avg l; mean i; min i; min s; min d; min D; min T; min m; min b; max i; max s; max d; max D; max T; max m; max b; max A
any b; some b; every b; bool_and b; bool_or b; bit_and i; bit_or i; bit_xor i; bit_and l; corr du; corr id; count_if b; covar_pop du; covar_samp du; kurtosis d; skewness d; median i; median d; median m; mode i; mode s; percentile d«0.5»; percentile i«0.25»; percentile_approx i«0.5»; approx_percentile i«0.5»; approx_count_distinct i; regr_count du; regr_avgx du; regr_avgy du; regr_slope du; regr_intercept du; regr_r2 du; regr_sxx du; regr_sxy du; regr_syy du; std d; stddev d; stddev_pop d; stddev_samp i; var_pop d; var_samp d; variance i; max_by si; min_by si; max_by is; min_by iD; string_agg s; listagg s; try_sum i; try_avg i; try_sum m; histogram_numeric i«3»; count_min_sketch i; bitmap_construct_agg l; first i; last i; first_value s; product i; grouping i; hll_sketch_agg i; measure i; approx_top_k i; sum b; avg s; stddev q; max M; sum I; avg Y; min x
"""

AGGREGATE_TEMPLATES = """
sum(ci) FILTER (WHERE cb); count(*) FILTER (WHERE ci > 5); collect_list(ci) FILTER (WHERE ci > 5); sum(DISTINCT ci); avg(DISTINCT cm); count(DISTINCT ci); count(DISTINCT ci, cs); count(DISTINCT cs) FILTER (WHERE cb); avg(cd) FILTER (WHERE cb); min(cs) FILTER (WHERE cs > 'a'); max(ci) FILTER (WHERE false); sum(ci) FILTER (WHERE false); collect_set(cs) FILTER (WHERE false); array_agg(cs) FILTER (WHERE cs IS NOT NULL); count_if(ci > 5); count_if(cb) FILTER (WHERE ci > 1); bool_and(ci > 0); bool_or(ci > 50); any_value(ci) FILTER (WHERE ci = 42); first(ci) IGNORE NULLS IS NOT NULL; first(ci, true) IS NOT NULL; sum(ci) + count(*); sum(ci * 2); sum(ci) / count(ci); avg(ci) * 2; round(avg(cm), 1); max(length(cs)); min(upper(cs)); sum(cm * 2); sum(cm) / 3; avg(cm + 1); stddev(ci) FILTER (WHERE cb); median(ci) FILTER (WHERE cb); percentile_cont(0.5) WITHIN GROUP (ORDER BY ci); percentile_cont(0.25) WITHIN GROUP (ORDER BY cd DESC); percentile_disc(0.5) WITHIN GROUP (ORDER BY ci); percentile(ci, 0.3); percentile(ci, array(0.25, 0.75)); mode() WITHIN GROUP (ORDER BY ci); listagg(cs, ',') WITHIN GROUP (ORDER BY cs); string_agg(cs, '|') WITHIN GROUP (ORDER BY cs DESC); listagg(DISTINCT cs, ',') WITHIN GROUP (ORDER BY cs); sort_array(collect_list(ci)); sort_array(collect_set(ci)); size(collect_list(cs)); array_sort(array_agg(cs)); sort_array(collect_list(DISTINCT ci)); collect_list(ci); collect_list(cs); array_agg(ci); sort_array(collect_set(cs)); max_by(cs, ci) FILTER (WHERE cb); min_by(cs, id); max_by(id, cm); sum(if(cb, 1, 0)); sum(CASE WHEN ci > 5 THEN cd END); count(nullif(cs, '')); max(struct(ci, cs)); sort_array(collect_list(struct(ci, cs))); corr(cd, ci) FILTER (WHERE ci IS NOT NULL); approx_count_distinct(cs); count(DISTINCT g); every(ci > -5); some(ci = 42); kurtosis(ci); skewness(cl); var_pop(ci) FILTER (WHERE cb); covar_pop(ci, cd); regr_slope(ci, cd); sum(cl); avg(cl); avg(cy); sum(ch); bit_xor(cl); max(cts); min(cday); max(cntz); avg(cf); sum(cf); median(cm); median(cd); max(cday) - min(cday); count(1); count(NULL); sum(1); sum(NULL); max(NULL); avg(1.5); sum(2.5); sum(ci) > 100; coalesce(sum(ci), 0); concat('n=', count(*)); cast(sum(ci) AS STRING); array(min(ci), max(ci)); named_struct('lo', min(ci), 'hi', max(ci)); map('n', count(*)); greatest(max(ci), max(cn)); mode(g); mode(cp); max(cb); min(cb); sum(id) FILTER (WHERE g = 'x'); count(g); first(id) FILTER (WHERE id = 3); any_value(g, true) IS NOT NULL; last(id) FILTER (WHERE id = 2); bool_and(cb) FILTER (WHERE cb); collect_set(cb) IS NOT NULL; array_size(collect_set(cs)); percentile(cd, 0.9); percentile(cm, 0.5); percentile_cont(0.5) WITHIN GROUP (ORDER BY cm); sum(DISTINCT cm) FILTER (WHERE cb)
CAST(INTERVAL '1 02:03:04' DAY TO SECOND AS INTERVAL DAY); CAST(INTERVAL '-1 02:03:04' DAY TO SECOND AS INTERVAL DAY); CAST(INTERVAL '-1 02:03:04.5' DAY TO SECOND AS INTERVAL DAY TO HOUR); CAST(INTERVAL '-1 02:03:04.5' DAY TO SECOND AS INTERVAL HOUR TO MINUTE); CAST(INTERVAL '-1-2' YEAR TO MONTH AS INTERVAL YEAR)
"""

WINDOWS = """
row_number() OVER (ORDER BY id); rank() OVER (ORDER BY ci); dense_rank() OVER (ORDER BY ci); percent_rank() OVER (ORDER BY ci); cume_dist() OVER (ORDER BY ci); ntile(2) OVER (ORDER BY id); ntile(4) OVER (ORDER BY id DESC); lag(ci) OVER (ORDER BY id); lag(ci, 2) OVER (ORDER BY id); lag(ci, 1, -99) OVER (ORDER BY id); lead(cs) OVER (ORDER BY id); lead(cs, 2, 'none') OVER (ORDER BY id); lag(ci) IGNORE NULLS OVER (ORDER BY id); first_value(ci) OVER (ORDER BY id); last_value(ci) OVER (ORDER BY id); last_value(ci) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING); first_value(ci) IGNORE NULLS OVER (ORDER BY id DESC); nth_value(ci, 2) OVER (ORDER BY id); nth_value(ci, 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING); first(ci) OVER (PARTITION BY g ORDER BY id); last(ci, true) OVER (ORDER BY id); sum(ci) OVER (ORDER BY id); sum(ci) OVER (PARTITION BY g); sum(ci) OVER (PARTITION BY g ORDER BY id); sum(ci) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING); sum(ci) OVER (ORDER BY id ROWS 2 PRECEDING); avg(cm) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW); count(*) OVER (); count(ci) OVER (PARTITION BY g); max(cs) OVER (ORDER BY id); min(cday) OVER (ORDER BY id); avg(ci) OVER (PARTITION BY g ORDER BY id); sum(cm) OVER (ORDER BY id); sum(ci) OVER (ORDER BY id RANGE BETWEEN 2 PRECEDING AND CURRENT ROW); sum(ci) OVER (ORDER BY ci RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING); row_number() OVER (PARTITION BY g ORDER BY ci DESC, id); rank() OVER (PARTITION BY g ORDER BY cs); rank() OVER (ORDER BY ci DESC); rank() OVER (ORDER BY ci NULLS LAST); row_number() OVER (ORDER BY cs DESC NULLS LAST, id); collect_list(ci) OVER (ORDER BY id); collect_set(g) OVER (ORDER BY id ROWS CURRENT ROW); stddev(ci) OVER (ORDER BY id); sum(ci) FILTER (WHERE cb) OVER (ORDER BY id); count(ci) FILTER (WHERE cb) OVER (); count(DISTINCT ci) OVER (); sum(ci) OVER (ORDER BY id) - ci; ci / sum(ci) OVER (); row_number() OVER (ORDER BY id) % 2; lag(cs, 1) OVER (PARTITION BY g ORDER BY id); lead(ci, -1) OVER (ORDER BY id); max(ci) OVER (ORDER BY cday); count(*) OVER (ORDER BY cday RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND CURRENT ROW); row_number() OVER (); sum(sum(ci)) OVER (); any_value(ci) OVER (PARTITION BY id); bool_and(cb) OVER (ORDER BY id); median(ci) OVER (PARTITION BY g); max_by(cs, ci) OVER (PARTITION BY g); array_agg(cs) OVER (ORDER BY id); mode(cp) OVER (); percentile(ci, 0.5) OVER (PARTITION BY g); corr(cd, id) OVER (); nth_value(cs, 1) IGNORE NULLS OVER (ORDER BY id DESC); cume_dist() OVER (PARTITION BY g ORDER BY id); percent_rank() OVER (PARTITION BY g ORDER BY cp); sum(ci) OVER w
"""

QUERIES = r"""
SELECT explode(ca) FROM t ORDER BY 1
SELECT id, explode(ca) AS x FROM t ORDER BY id, x
SELECT id, explode_outer(ca) AS x FROM t ORDER BY id, x
SELECT id, posexplode(ca) FROM t ORDER BY id, pos
SELECT id, posexplode(ca) AS (p, v) FROM t ORDER BY id, p
SELECT id, posexplode_outer(ca) FROM t ORDER BY id, pos
SELECT id, explode(cmap) FROM t ORDER BY id, key
SELECT id, explode(cmap) AS (k, v) FROM t ORDER BY id, k
SELECT id, explode_outer(cmap) FROM t ORDER BY id, key
SELECT posexplode(cmap) FROM t ORDER BY pos, key
SELECT inline(array(struct(1, 'a'), struct(2, 'b')))
SELECT inline(array(named_struct('x', 1, 'y', 'a'), named_struct('x', 2, 'y', 'b')))
SELECT inline_outer(array(struct(1, 'a')))
SELECT stack(2, 1, 2, 3, 4)
SELECT stack(2, 'a', 1, 'b') AS (x, y)
SELECT stack(3, 1, 2, 3)
SELECT * FROM explode(array(1, 2, 3))
SELECT * FROM explode(map('a', 1, 'b', 2))
SELECT * FROM posexplode(array('a', 'b'))
SELECT * FROM inline(array(struct(1, 'a'), struct(2, 'b')))
SELECT * FROM stack(2, 1, 2, 3, 4)
SELECT * FROM range(5)
SELECT * FROM range(2, 9, 3)
SELECT * FROM range(5, 0, -2)
SELECT id * 2 AS d FROM range(3) ORDER BY d DESC
SELECT t.id, v.x FROM t LATERAL VIEW explode(ca) v AS x ORDER BY t.id, v.x
SELECT t.id, x FROM t LATERAL VIEW OUTER explode(ca) v AS x ORDER BY t.id, x
SELECT t.id, p, x FROM t LATERAL VIEW posexplode(csa) v AS p, x ORDER BY t.id, p
SELECT t.id, k, v FROM t LATERAL VIEW explode(cmap) m AS k, v ORDER BY t.id, k
SELECT id, a, b FROM t LATERAL VIEW explode(ca) x AS a LATERAL VIEW explode(csa) y AS b ORDER BY id, a, b
SELECT id, e.col FROM t, LATERAL explode(ca) e ORDER BY id, e.col
SELECT id, x FROM t LATERAL VIEW inline(array(struct(1), struct(2))) v AS x WHERE id < 3 ORDER BY id, x
SELECT g, count(*) FROM t GROUP BY g ORDER BY g
SELECT g, sum(ci) AS s FROM t GROUP BY g HAVING sum(ci) > 10 ORDER BY g
SELECT g, cb, count(*) FROM t GROUP BY ROLLUP (g, cb) ORDER BY g NULLS FIRST, cb NULLS FIRST, 3
SELECT g, cb, count(*) FROM t GROUP BY CUBE (g, cb) ORDER BY g NULLS FIRST, cb NULLS FIRST, 3
SELECT g, cb, sum(id) FROM t GROUP BY GROUPING SETS ((g), (cb), ()) ORDER BY 1, 2, 3
SELECT g, grouping(g), count(*) FROM t GROUP BY ROLLUP (g) ORDER BY 1, 2, 3
SELECT g, grouping_id(), count(*) FROM t GROUP BY CUBE (g) ORDER BY 1, 2, 3
SELECT g, count(*) FROM t GROUP BY g WITH ROLLUP ORDER BY 1, 2
SELECT g AS grp, max(ci) FROM t GROUP BY grp ORDER BY grp
SELECT g, max(ci) FROM t GROUP BY 1 ORDER BY 1
SELECT g, cb, count(*) FROM t GROUP BY ALL ORDER BY ALL
SELECT id FROM t QUALIFY row_number() OVER (PARTITION BY g ORDER BY id) = 1 ORDER BY id
SELECT id, rank() OVER (ORDER BY ci) AS r FROM t QUALIFY r = 1 ORDER BY id
SELECT id, sum(ci) OVER w FROM t WINDOW w AS (ORDER BY id) ORDER BY id
SELECT * FROM (SELECT g, cb, ci FROM t) PIVOT (sum(ci) FOR g IN ('x', 'y')) ORDER BY cb
SELECT * FROM (SELECT g, cb, ci FROM t) PIVOT (sum(ci) AS s, count(ci) AS c FOR g IN ('x' AS ex, 'y' AS why)) ORDER BY cb
SELECT * FROM (SELECT id, ci, cn FROM t) UNPIVOT (v FOR k IN (ci, cn)) ORDER BY id, k
SELECT * FROM (SELECT id, ci, cn FROM t) UNPIVOT INCLUDE NULLS (v FOR k IN (ci AS a, cn AS b)) ORDER BY id, k
SELECT id FROM t ORDER BY ci, id
SELECT id FROM t ORDER BY ci DESC, id
SELECT id FROM t ORDER BY ci NULLS LAST, id
SELECT id FROM t ORDER BY cs DESC NULLS FIRST, id
SELECT id FROM t ORDER BY cd, id
SELECT id FROM t ORDER BY id LIMIT 2
SELECT id FROM t ORDER BY id LIMIT 2 OFFSET 3
SELECT id FROM t ORDER BY id OFFSET 4
SELECT DISTINCT g FROM t ORDER BY g
SELECT DISTINCT g, cb FROM t ORDER BY g, cb
SELECT a.id AS x, b.id AS y FROM t a JOIN t b ON a.ci = b.ci ORDER BY 1, 2
SELECT a.id AS x, b.id AS y FROM t a LEFT JOIN t b ON a.id = b.id + 3 ORDER BY 1, 2
SELECT a.id AS x, b.id AS y FROM t a RIGHT JOIN t b ON a.id = b.id + 3 ORDER BY 1, 2
SELECT a.id AS x, b.id AS y FROM t a FULL OUTER JOIN t b ON a.id = b.id + 3 ORDER BY 1, 2
SELECT id FROM t a LEFT SEMI JOIN (SELECT 1 AS k) b ON a.id = b.k ORDER BY 1
SELECT id FROM t a LEFT ANTI JOIN (SELECT 1 AS k) b ON a.id = b.k ORDER BY 1
SELECT id FROM t a SEMI JOIN (SELECT 2 AS k) b ON a.id = b.k ORDER BY 1
SELECT id FROM t a ANTI JOIN (SELECT 2 AS k) b ON a.id = b.k ORDER BY 1
SELECT count(*) FROM t a CROSS JOIN t b
SELECT count(*) FROM t a, t b
SELECT count(*) FROM t a JOIN t b
SELECT count(*) FROM t a LEFT JOIN t b
SELECT id, a.cs FROM t a JOIN (SELECT id, ci FROM t) b USING (id) ORDER BY id
SELECT id FROM (SELECT id FROM t) NATURAL JOIN (SELECT id FROM t WHERE id > 3) ORDER BY id
SELECT a.*, cb FROM (SELECT id, g FROM t) a JOIN (SELECT id, cb FROM t) b ON a.id = b.id ORDER BY a.id
SELECT id FROM t WHERE ci > (SELECT avg(ci) FROM t) ORDER BY id
SELECT id FROM t WHERE id IN (SELECT cp FROM t) ORDER BY id
SELECT id FROM t WHERE id NOT IN (SELECT cp FROM t) ORDER BY id
SELECT id FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.cp = a.id) ORDER BY id
SELECT id, (SELECT max(ci) FROM t b WHERE b.g = a.g) AS m FROM t a ORDER BY id
SELECT 1 AS a UNION SELECT 1 UNION SELECT 2 ORDER BY a
SELECT 1 AS a UNION ALL SELECT 1.5 ORDER BY a
SELECT 1 AS a UNION ALL SELECT 'x' ORDER BY a
SELECT id FROM t INTERSECT SELECT cp FROM t ORDER BY id
SELECT id FROM t EXCEPT SELECT cp FROM t ORDER BY id
SELECT id FROM t MINUS SELECT cp FROM t ORDER BY id
SELECT cp FROM t EXCEPT ALL SELECT 2 ORDER BY cp
SELECT cp FROM t INTERSECT ALL SELECT cp FROM t ORDER BY cp
WITH a AS (SELECT id, ci FROM t), b AS (SELECT id FROM a WHERE ci > 5) SELECT * FROM b ORDER BY id
WITH a(x, y) AS (SELECT 1, 2) SELECT x + y FROM a
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r ORDER BY n
VALUES (1, 'a'), (2, 'b')
SELECT * FROM VALUES (1, 'a'), (2, NULL) AS v(x, y) ORDER BY x
SELECT col1, col2 FROM VALUES (1, 2.5), (3, 4)
SELECT * EXCEPT (ci, cn) FROM (SELECT id, ci, cn, cp FROM t) ORDER BY id
SELECT a.* FROM (SELECT id, g FROM t) a ORDER BY id
SELECT cst.* FROM t ORDER BY id
SELECT cst.a, cst.b FROM t ORDER BY id
SELECT t.cst.a FROM t ORDER BY id
SELECT id AS a, a + 1 AS b, b * 2 AS c FROM t ORDER BY a
SELECT count(*), sum(ci), max(cs) FROM t WHERE false
SELECT max(ci) FROM t WHERE id > 100
SELECT sum(ci) FROM t GROUP BY g HAVING count(*) > 100
SELECT upper(cs) AS u FROM t WHERE cs LIKE '%a%' ORDER BY u
SELECT id FROM t WHERE cs = 'ABC'
SELECT id, ci FROM t WHERE ci = '7' ORDER BY id
SELECT id FROM t WHERE cday > '2023-01-01' ORDER BY id
SELECT id FROM t WHERE cday BETWEEN '2023-01-01' AND '2024-02-01' ORDER BY id
SELECT id FROM t WHERE cts >= '2024-01-01' ORDER BY id
SELECT year(cday) AS y, count(*) FROM t GROUP BY year(cday) ORDER BY y
SELECT date_trunc('year', cts) AS y, sum(ci) FROM t GROUP BY 1 ORDER BY 1
SELECT named_struct('a', id).a FROM t ORDER BY id
SELECT id % 2 AS k, collect_list(id) FROM (SELECT id FROM t ORDER BY id) GROUP BY id % 2 ORDER BY k
SELECT first(id), last(id) FROM (SELECT id FROM t ORDER BY id) WHERE id < 0
SELECT 1 + 1, 'a' || 'b', upper('x'), count(*), CAST(1 AS STRING)
SELECT a.id FROM t a, LATERAL (SELECT a.id + 1 AS z) b ORDER BY a.id
SELECT id, z FROM t, LATERAL (SELECT ci * 2 AS z) ORDER BY id
SELECT id FROM t TABLESAMPLE (100 PERCENT) ORDER BY id
SELECT nosuch FROM t
SELECT x.id FROM t
SELECT id FROM nosuchtable
SELECT id, count(*) FROM t
SELECT id FROM t WHERE count(*) > 1
SELECT id FROM t GROUP BY
SELECT (SELECT id FROM t)
SELECT * FROM t UNION SELECT 1
SELECT id FROM t a JOIN t b ON a.id = b.id
SELECT sum(id) OVER (ORDER BY id) FROM t GROUP BY g
SELECT json_tuple('{"a":1,"b":"x"}', 'a', 'b')
SELECT id, j.x FROM t LATERAL VIEW json_tuple(cj, 'a') j AS x ORDER BY id
SELECT 1 FROM t HAVING count(*) > 0
SELECT id FROM t CLUSTER BY id
SELECT id FROM t SORT BY id
SELECT transform(ca, x -> x + ci) FROM t ORDER BY id
SELECT filter(ca, x -> x > cn) FROM t ORDER BY id
SELECT aggregate(ca, ci, (a, x) -> a + x) FROM t ORDER BY id
SELECT id FROM t LIMIT 0
SELECT map_from_arrays(array('a', 'b'), array(1, 2)), str_to_map('a=1;b=2', ';', '=')
SELECT map_from_entries(array(struct('a', 1), struct('b', 2)))
SELECT g, listagg(cs, ',') WITHIN GROUP (ORDER BY id) FROM t GROUP BY g ORDER BY g
SELECT max(cday), min(cts), max(cntz) FROM t
SELECT DISTINCT ON (g) id FROM t
SELECT IF(cb, 'y', 'n'), count(*) FROM t GROUP BY 1 ORDER BY 1
SELECT g, count(DISTINCT ci), sum(DISTINCT cp) FROM t GROUP BY g ORDER BY g
SELECT id FROM t WHERE cb ORDER BY id
SELECT id FROM t WHERE NOT cb ORDER BY id
SELECT id FROM t WHERE cb IS NULL ORDER BY id
SELECT `id`, t.`ci` FROM `t` ORDER BY `id`
SELECT id id2, ci AS `c i` FROM t ORDER BY id2
SELECT TABLE t
FROM t SELECT id ORDER BY id
SELECT id FROM t |> WHERE id > 1
SELECT sequence(DATE'2024-01-31', DATE'2024-06-30', INTERVAL 1 MONTH)
SELECT sequence(DATE'2024-01-31', DATE'2023-06-30', INTERVAL -2 MONTH)
SELECT sequence(DATE'2024-01-31', DATE'2024-06-30', INTERVAL '1' YEAR)
SELECT sequence(TIMESTAMP'2024-01-01 00:00:00', TIMESTAMP'2024-01-01 03:00:00', INTERVAL 1 HOUR)
SELECT sequence(TIMESTAMP'2024-01-01 00:00:00', TIMESTAMP'2024-01-03 03:00:00')
SELECT sequence(TIMESTAMP'2024-01-03 00:00:00', TIMESTAMP'2024-01-01 03:00:00')
SELECT sequence(TIMESTAMP_NTZ'2024-01-01 00:00:00', TIMESTAMP_NTZ'2024-01-01 01:00:00', INTERVAL '20' MINUTE)
SELECT sequence(DATE'2024-01-01', TIMESTAMP'2024-01-02 03:00:00', INTERVAL 12 HOUR)
SELECT sequence(CAST(NULL AS DATE), DATE'2024-01-02', INTERVAL 1 MONTH)
SELECT sequence(cday, date_add(cday, 70), INTERVAL 1 MONTH) FROM t ORDER BY id
SELECT nofunction(nocolumn)
SELECT nocolumn, nofunction(1)
SELECT nofunction(1) FROM notable
SELECT window(cts, '10 minutes').start, count(*) FROM t GROUP BY window(cts, '10 minutes') ORDER BY 1
SELECT window.start, window.end, count(*) FROM t GROUP BY window(cts, '1 day') ORDER BY 1
SELECT (1, 'a')
SELECT (id, g) FROM t ORDER BY id
SELECT id FROM t WHERE (id, g) IN ((1, 'x'), (3, 'y')) ORDER BY id
SELECT id FROM t WHERE (id, cp) IN (SELECT id, cp FROM t WHERE id < 3) ORDER BY id
SELECT (1, 2) = (1, 2), (1, 2) < (1, 3)
SELECT levenshtein('kitten', 'sitting', -1), levenshtein('kitten', 'sitting', 2), levenshtein('kitten', 'sitting', 3), levenshtein('ä', 'b')
SELECT lpad('x', 5, 'ab'), lpad('日本', 5, '語ab'), rpad('x', 0, 'a'), lpad('abc', -1, 'x'), rpad('x', 4, '')
SELECT format_number(12.3456, 400)
SELECT format_string('%.150e', 1.5D)
SELECT conv('99999999999999999999999', 10, 16)
SELECT typeof(ceil(1.5D, 1)), typeof(ceil(1.25 + CAST(1 AS BIGINT) / 2, 1)), typeof(ceil(sign(7) * 1.25, 1)), typeof(1.25 + CAST(1 AS BIGINT) / 2), typeof(sign(7) * 1.25), typeof(floor(1.5F, 1)), typeof(ceil(2, 1)), typeof(ceil(2L, -1))
SELECT ceil(1.2345678D, 3), floor(-1.25D, 1), ceil(1.25F, 1)
SELECT base64(repeat('a', 100))
SELECT typeof(ceil(1.25, 1) * -ceil(1.25, 1) / 3)
SELECT typeof(try_divide(CAST(1 AS DECIMAL(13,2)), ceil(sign(7) * 1.25, 1)))
SELECT round(1.5D, 400), round(1.5, 100)
SELECT round(1.5, 2147483647)
SELECT format_number(-0.001D, 2), format_number(-0.001, 2), format_number(CAST('-0.0' AS DOUBLE), 2), format_number(-0.4D, 0), format_number(-0.4, 0), format_number(12345678901234567890.125, 2), format_number(0, 2)
SELECT a FROM (SELECT 1 AS a, 2 AS a)
SELECT id FROM t WHERE cs NOT LIKE ANY ('%a%', '%b%') ORDER BY id
SELECT id FROM t WHERE cs NOT LIKE ALL ('%a%', 'H%') ORDER BY id
SELECT id FROM t WHERE cs NOT LIKE SOME ('%a%', '%c%') ORDER BY id
SELECT id FROM t WHERE NOT (cs LIKE ANY ('%a%', 'H%')) ORDER BY id
SELECT id FROM t WHERE NOT cs LIKE ALL ('%a%', '%c%') ORDER BY id
SELECT id FROM t WHERE cs ILIKE ANY ('h%', 'A%') ORDER BY id
SELECT id FROM t WHERE cs NOT ILIKE ALL ('h%', 'A%') ORDER BY id
SELECT id, cs NOT LIKE ANY (cw, '%z%') AS x FROM t ORDER BY id
SELECT id FROM t WHERE (id, cp) IN (SELECT id, cp FROM t WHERE cb) ORDER BY id
SELECT id FROM t WHERE (id, ci) NOT IN (SELECT id, cn FROM t WHERE id < 4) ORDER BY id
SELECT id FROM t WHERE (ci, cn) NOT IN (SELECT 7, 1) ORDER BY id
SELECT id FROM t WHERE (g, cb) IN (SELECT g, true FROM t b WHERE b.id < 3) ORDER BY id
SELECT id FROM t WHERE (id, cl) IN (SELECT id, ci FROM t) ORDER BY id
SELECT id FROM t a WHERE (a.id, a.g) IN (SELECT b.cp, b.g FROM t b WHERE b.id <> a.id) ORDER BY id
SELECT id FROM t WHERE (id, ci) IN ((1, 7), (2, -1)) ORDER BY id
SELECT id FROM t WHERE (id, ci) IN (SELECT id FROM t) ORDER BY id
SELECT * FROM (SELECT g, cb, ci, cp FROM t) PIVOT (sum(ci) FOR (g, cb) IN (('x', true) AS xt, ('y', false) AS yf)) ORDER BY cp
SELECT * FROM (SELECT g, ci FROM t) PIVOT (max(ci) FOR g IN ('x', 'y', 'z'))
SELECT * FROM (SELECT g, cday, cp FROM t) PIVOT (sum(cp) FOR year(cday) IN (2024, 1970)) ORDER BY g
SELECT * FROM (SELECT g, cp FROM t) PIVOT (avg(cp) AS a, max(cp) FOR g IN ('x'))
SELECT * FROM (SELECT id, ci, cn, cp FROM t) UNPIVOT ((a, b) FOR k IN ((ci, cn) AS one, (cn, cp) AS two)) ORDER BY id, k
SELECT * FROM (SELECT id, ci, cn FROM t) AS s UNPIVOT EXCLUDE NULLS (v FOR k IN (ci AS `a b`, cn)) AS u ORDER BY id, k
SELECT id, ci FROM t QUALIFY sum(ci) OVER (PARTITION BY g) > 40 ORDER BY id
SELECT g, sum(ci) AS s FROM t GROUP BY g QUALIFY rank() OVER (ORDER BY s DESC) = 1
SELECT id, dense_rank() OVER (PARTITION BY g ORDER BY ci DESC) AS d FROM t QUALIFY d < 2 ORDER BY id
SELECT id, x, y FROM t LATERAL VIEW explode(ca) a AS x LATERAL VIEW OUTER explode(csa) b AS y WHERE id IN (1, 4, 5) ORDER BY id, x, y
SELECT id, x FROM t LATERAL VIEW explode(split(cs, '')) a AS x WHERE id = 1 ORDER BY x
SELECT id, k, v FROM t LATERAL VIEW OUTER explode(cmap) AS k, v ORDER BY id, k
SELECT id, a, b FROM t LATERAL VIEW OUTER inline(array(cst)) s ORDER BY id
SELECT id, col0, col1 FROM t LATERAL VIEW stack(2, ci, cn, cn, ci) s ORDER BY id, col0, col1
SELECT g, cb, sum(cp), grouping(g), grouping(cb), grouping_id(g, cb) FROM t GROUP BY GROUPING SETS ((g, cb), (g), ()) ORDER BY 1, 2, 4, 5
SELECT g, cb, count(*) FROM t GROUP BY g, cb GROUPING SETS ((g), (cb)) ORDER BY 1, 2, 3
SELECT g, cb, id % 2 AS m, count(*) FROM t GROUP BY g, ROLLUP (cb, id % 2) ORDER BY 1, 2, 3, 4
SELECT g, cb, count(*) FROM t GROUP BY CUBE (g), cb ORDER BY 1, 2, 3
SELECT g, cb, sum(cp) FROM t GROUP BY ROLLUP ((g, cb)) ORDER BY 1, 2, 3
SELECT coalesce(g, 'all') AS n, sum(cp) FROM t GROUP BY g WITH CUBE HAVING sum(cp) > 4 ORDER BY 1, 2
SELECT id, sum(cp) OVER (ORDER BY cday RANGE BETWEEN INTERVAL 60 DAYS PRECEDING AND CURRENT ROW) AS s FROM t ORDER BY id
SELECT id, count(*) OVER (ORDER BY cts RANGE BETWEEN INTERVAL '40' DAY PRECEDING AND INTERVAL '1' DAY FOLLOWING) AS s FROM t ORDER BY id
SELECT id, sum(cp) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM t ORDER BY id
SELECT id, sum(cp) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS s FROM t ORDER BY id
SELECT id, first_value(ci) IGNORE NULLS OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS s FROM t ORDER BY id
SELECT id, last_value(ci, true) OVER (PARTITION BY g ORDER BY id) AS s FROM t ORDER BY id
SELECT id, nth_value(cs, 2) OVER (ORDER BY id) AS s FROM t ORDER BY id
SELECT id, lag(cs, 2, 'none') OVER (ORDER BY id) AS a, lead(ci) IGNORE NULLS OVER (ORDER BY id) AS b FROM t ORDER BY id
SELECT id, percent_rank() OVER (ORDER BY ci) AS p, cume_dist() OVER (ORDER BY ci) AS c, ntile(3) OVER (ORDER BY id) AS n FROM t ORDER BY id
SELECT id, avg(cm) OVER w AS a, count(cm) OVER w AS c FROM t WINDOW w AS (PARTITION BY g ORDER BY id ROWS 1 PRECEDING) ORDER BY id
SELECT id, sum(cp) OVER (PARTITION BY g ORDER BY id DESC) AS s FROM t ORDER BY id
SELECT id, collect_list(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM t ORDER BY id
SELECT id, (SELECT count(*) FROM t b WHERE b.id < a.id) AS n FROM t a ORDER BY id
SELECT id, (SELECT max(b.cs) FROM t b WHERE b.g = a.g AND b.id <> a.id) AS m FROM t a ORDER BY id
SELECT id FROM t a WHERE ci = (SELECT max(ci) FROM t b WHERE b.g <=> a.g) ORDER BY id
SELECT id FROM t a WHERE NOT EXISTS (SELECT 1 FROM t b WHERE b.id = a.cp AND b.cb) ORDER BY id
SELECT id FROM t WHERE id = (SELECT max(id) FROM t) OR ci IN (SELECT cp + 5 FROM t) ORDER BY id
SELECT id FROM t a WHERE a.ci > ALL (SELECT cp FROM t)
WITH RECURSIVE r(n, s) AS (SELECT 1, CAST('a' AS STRING) UNION ALL SELECT n + 1, s || 'b' FROM r WHERE n < 4) SELECT * FROM r ORDER BY n
WITH RECURSIVE f(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM f WHERE b < 50) SELECT a FROM f ORDER BY a
WITH RECURSIVE d AS (SELECT DATE'2024-01-30' AS day UNION ALL SELECT day + 1 FROM d WHERE day < '2024-02-02') SELECT day FROM d ORDER BY day
SELECT * EXCEPT (a) FROM (SELECT 1 AS a, 2 AS b)
SELECT t.* EXCEPT (cst, cmap, ca, csa, cbin, cj) FROM t WHERE id = 1
SELECT * EXCEPT (nosuch) FROM (SELECT 1 AS a)
SELECT * FROM (SELECT id, cs FROM t) ORDER BY ALL DESC
SELECT id AS x, x + 1 AS y, y * x AS z FROM t ORDER BY x
SELECT g, count(*) AS n FROM t GROUP BY ALL HAVING n > 1 ORDER BY ALL
SELECT count(*), count(ci), count(DISTINCT ci, cn), count_if(cb), any_value(id) IS NOT NULL FROM t
SELECT g, sum(ci) FILTER (WHERE cb), avg(DISTINCT cp) FROM t GROUP BY g ORDER BY g
SELECT g, max_by(cs, id), min_by(cs, id), mode(cp, true), bool_and(cb), bool_or(cb), every(cb) FROM t GROUP BY g ORDER BY g
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ci), percentile_disc(0.5) WITHIN GROUP (ORDER BY ci DESC), median(ci) FROM t
SELECT g, percentile(ci, array(0.25, 0.75)) FROM t GROUP BY g ORDER BY g
SELECT approx_count_distinct(g) FROM t
SELECT corr(ci, cp), covar_pop(ci, cp), covar_samp(ci, cp), regr_slope(ci, cp), skewness(ci), kurtosis(ci) FROM t
SELECT listagg(cs, '|') WITHIN GROUP (ORDER BY id DESC), string_agg(DISTINCT g, ',') WITHIN GROUP (ORDER BY g) FROM t
SELECT bit_and(cp), bit_or(cp), bit_xor(cp) FROM t
SELECT histogram_numeric(cp, 2) FROM t
SELECT try_avg(cd), try_sum(cl) FROM t
SELECT grouping(id) FROM t
SELECT sum(cs) FROM t
SELECT a.id, b.id AS b FROM t a LEFT JOIN t b ON a.ci = b.ci AND a.id < b.id ORDER BY 1, 2
SELECT * FROM (SELECT 1 AS a, 2 AS b) x JOIN (SELECT 1 AS a, 3 AS c) y USING (a)
SELECT * FROM (SELECT 1 AS a, 2 AS b) x FULL JOIN (SELECT 2 AS a, 3 AS c) y USING (a) ORDER BY a
SELECT * FROM (SELECT 1 AS a) NATURAL LEFT JOIN (SELECT 1 AS a, 5 AS b)
SELECT a FROM (SELECT 1 AS a) x JOIN (SELECT 1 AS a) y ON x.a = y.a
SELECT * FROM t a LEFT SEMI JOIN t b ON a.id = b.cp AND b.cb WHERE a.id < 3
SELECT id, e FROM t, LATERAL (SELECT explode(ca) AS e) ORDER BY id, e
SELECT id, s.m FROM t a LEFT JOIN LATERAL (SELECT max(b.ci) AS m FROM t b WHERE b.g = a.g) s ORDER BY id
SELECT (SELECT 1 UNION ALL SELECT 2)
SELECT CASE ci WHEN 7 THEN 'seven' WHEN 42 THEN 'answer' ELSE CAST(ci AS STRING) END FROM t ORDER BY id
SELECT id, ca[0], cmap['a'], cst.b, csa[cn] FROM t WHERE id IN (1, 2) ORDER BY id
SELECT id, ca[5] FROM t WHERE id = 1
SELECT from_json(cj, 'a STRING, b STRUCT<c: STRING>') FROM t WHERE id = 1
SELECT schema_of_json('{"a":1}'), to_json(named_struct('a', 1, 'b', array(1, 2)))
SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.5' DAY TO SECOND
SELECT cts - cday, cday - DATE'2024-01-01' FROM t WHERE id = 1
SELECT window(cts, '10 minutes').start AS s, count(*) FROM t WHERE cts IS NOT NULL GROUP BY 1 ORDER BY 1
SELECT count(*) FROM (SELECT window(cts, '1 hour') AS w FROM t)
SELECT * FROM VALUES (1, 2.5), (NULL, 3) AS v(a, b) ORDER BY a NULLS LAST
SELECT * FROM (VALUES (1), (2)) AS v(a) UNION (SELECT 3) ORDER BY 1 DESC
(SELECT 1 AS a) UNION ALL (SELECT 2 ORDER BY 1 LIMIT 1) ORDER BY a DESC
SELECT 1 AS a UNION ALL SELECT NULL ORDER BY a
SELECT CAST(1 AS TINYINT) AS a UNION ALL SELECT 2L
SELECT DATE'2024-01-01' AS a UNION ALL SELECT TIMESTAMP'2024-01-01 10:00:00' ORDER BY a
SELECT 1 AS a, 2 AS b INTERSECT SELECT 1, 2
SELECT array(1, 2L), array(1, 2.5), array('a', NULL), map(1, 'a', 2, NULL)
SELECT named_struct('a', 1) = named_struct('a', 1), array(1, 2) = array(1, 2), array(1) < array(2)
SELECT id, row_number() OVER (ORDER BY cs NULLS LAST, id) FROM t ORDER BY id
SELECT FROM_UNIXTIME(0), UNIX_TIMESTAMP(TIMESTAMP'2024-01-01 00:00:00'), TO_UNIX_TIMESTAMP('2024-01-01', 'yyyy-MM-dd')
SELECT sequence(DATE'2024-01-01', DATE'2024-03-01', INTERVAL 1 MONTH), sequence(5, 1, -2), sequence(1, 3)
SELECT explode(sequence(1, 3)) AS x, 'k'
SELECT id, pos, col FROM t LATERAL VIEW posexplode(array_sort(csa)) p WHERE id IN (1, 2) ORDER BY id, pos
SELECT sum(x) FROM (SELECT explode(ca) AS x FROM t)
SELECT id, x.key, x.value FROM t LATERAL VIEW explode(map_entries(cmap)) e AS x ORDER BY id, x.key
SELECT id FROM t ORDER BY cst, id
SELECT id FROM t ORDER BY ca, id
SELECT DISTINCT cst.a FROM t ORDER BY 1
SELECT id FROM t LIMIT 1 + 1
SELECT id FROM t ORDER BY id LIMIT ALL OFFSET 4
SELECT id FROM t WHERE cs RLIKE '^[A-Z]' ORDER BY id
SELECT id FROM t WHERE cs REGEXP 'l+o' ORDER BY id
SELECT id, cs LIKE '%\\%%', cs LIKE 'a_c', cs LIKE 'a!_c' ESCAPE '!' FROM t ORDER BY id
SELECT * FROM range(3) AS r(x) JOIN range(2) AS s(y) ORDER BY x, y
SELECT sum(id), avg(id), stddev(id), variance(id) FROM range(10)
SELECT id DIV 2, id % 2, -id, ~id, id & 1, id | 4, id ^ 1 FROM range(3)
SELECT 7 / 2, 7 DIV 2, 7.0 / 2, 7 % -3, pmod(-7, 3), 1.10 + 2.345, 1.5 * 2.25, 10 / 3.0
SELECT 1 / 0
SELECT try_divide(1, 0), try_add(2147483647, 1), 2147483647 + 1L
SELECT 2147483647 + 1
SELECT CAST('12.7' AS INT)
SELECT CAST(12.7 AS INT), CAST('  12 ' AS INT), CAST(true AS INT), CAST(1e10 AS BIGINT), try_cast('x' AS INT)
SELECT ci::string AS a, ci::bigint AS b, cs::binary AS c FROM t WHERE id = 1
SELECT current_catalog() IS NOT NULL, current_database() IS NOT NULL, current_user() IS NOT NULL
SELECT stack(2, 'a', 1, 'b', 2) AS (k, v), 1 AS one
SELECT id, t.cs AS `weird name`, `t`.`ci` FROM t WHERE `id` = 1
SELECT id FROM t TABLESAMPLE (3 ROWS) ORDER BY id
SELECT a.b.c FROM (SELECT named_struct('b', named_struct('c', 5)) AS a)
SELECT transform(array(1, 2), x -> transform(array(3, 4), y -> x * y))
SELECT aggregate(array('a', 'b'), '', (a, x) -> concat(a, x), a -> upper(a))
SELECT filter(array(1, NULL, 3), x -> x IS NOT NULL), exists(array(1, NULL), x -> x > 5), forall(array(1, 2), x -> x > 0)
SELECT map_zip_with(map('a', 1), map('a', 2, 'b', 3), (k, x, y) -> concat_ws('-', k, x, y))
SELECT transform_keys(map('a', 1), (k, v) -> concat(k, v)), transform_values(map('a', 1), (k, v) -> repeat(k, v + 2))
SELECT array_sort(array(3, 1, 2), (a, b) -> b - a), zip_with(array(1, 2), array('a'), (x, y) -> concat(x, y))
SELECT cs || '-' || coalesce(g, '') || '-' || ci || '-' || cn || '-' || cp || '-' || cl || cs || cs || cs || cs || cs || cs || cs || cs || cs || cs || cs || cs AS s FROM t ORDER BY id
SELECT concat(cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, cs, id) AS s FROM t ORDER BY id
SELECT concat(ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca) AS s FROM t ORDER BY id
SELECT array(ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca, ca) AS s FROM t ORDER BY id
SELECT transform(csa, x -> cs), transform(ca, x -> ca), transform(ca, x -> csa), transform(csa, x -> upper(x)) FROM t ORDER BY id
SELECT transform(ca, x -> cst), transform(ca, x -> cmap), transform(ca, x -> cbin), array_repeat(cs, 2), array_repeat(ca, cp) FROM t ORDER BY id
SELECT aggregate(csa, cs, (a, x) -> a || x), aggregate(ca, ca, (a, x) -> a || x), aggregate(ca, cst, (a, x) -> a) FROM t ORDER BY id
SELECT aggregate(csa, 'z', (a, x) -> a || x), aggregate(ca, array(0), (a, x) -> a || x), aggregate(csa, CAST(NULL AS STRING), (a, x) -> coalesce(a, x)) FROM t ORDER BY id
SELECT size(sequence(1, 5000)), size(array_repeat(1, 5000)), length(repeat('é', 9000)), size(transform(sequence(1, 5000), x -> repeat('x', x)))
SELECT zip_with(ca, csa, (x, y) -> named_struct('x', x, 'y', y)), map_filter(cmap, (k, v) -> v > 1), transform_values(cmap, (k, v) -> array(v, v)) FROM t ORDER BY id
SELECT cn <> 0 AND 10 / cn > 1 AS x FROM t ORDER BY id
SELECT cn = 0 OR 10 % cn = 0 AS x FROM t ORDER BY id
SELECT cn = 0 OR NOT (10 / cn > 3 AND cn < 5) AS x FROM t ORDER BY id
SELECT NOT (cn <> 0 AND 10 / cn > 1) AS x FROM t ORDER BY id
SELECT cn IS NOT NULL AND cn <> 0 AND 7 % cn = 1 AND 7 / cn > 0 AS x FROM t ORDER BY id
SELECT if(cn > 0 AND 1 / cn > 0.4, 'y', 'n') AS x FROM t ORDER BY id
SELECT CASE WHEN cn <> 0 AND 6 / cn = 3 THEN 'three' WHEN cn = 0 OR 6 / cn = 6 THEN 'six' END AS x FROM t ORDER BY id
SELECT filter(array(0, 1, 2, NULL), x -> x <> 0 AND 2 / x = 1) AS x FROM t ORDER BY id
SELECT coalesce(cb AND CAST(cq AS INT) > 0, false) AS x FROM t ORDER BY id
SELECT cq = 'x' OR CAST(cq AS INT) > 0 AS x FROM t ORDER BY id
SELECT map_zip_with(cmap, map('a', 7, 'q', cp), (k, a, b) -> coalesce(a, 0) + coalesce(b, 0)) AS x FROM t ORDER BY id
SELECT map_zip_with(map(cp, 'x'), map(CAST(cp AS BIGINT), 'y', 99L, 'z'), (k, a, b) -> concat_ws('-', k, a, b)) AS x FROM t ORDER BY id
SELECT zip_with(filter(ca, x -> x > 0), transform(csa, s -> length(s)), (a, b) -> coalesce(a, b)) AS x FROM t ORDER BY id
SELECT arrays_zip(filter(ca, x -> x > 0), csa) AS x FROM t ORDER BY id
SELECT array_distinct(concat(ca, ca, array(cn))) AS x FROM t ORDER BY id
SELECT array_union(array(cd, 0.0D), array(-0.0D, cu)) AS x FROM t ORDER BY id
SELECT array_except(array(struct(cn, cs)), array(struct(2, 'x'))) AS x FROM t ORDER BY id
SELECT array_intersect(csa, array('a', NULL, 'x', '')) AS x FROM t ORDER BY id
SELECT arrays_overlap(csa, array('zz', NULL)) AS x FROM t ORDER BY id
SELECT arrays_overlap(array(cn, 7), array(CAST(NULL AS INT))) AS x FROM t ORDER BY id
SELECT false AND 1 / 0 > 0 AS x
SELECT true OR CAST('x' AS INT) = 1 AS x
SELECT NULL AND false AS x
SELECT (1 = 1) OR raise_error('no') AS x
SELECT array_distinct(array(double('NaN'), 0.0D, -0.0D, double('NaN'), NULL, NULL)) AS x
SELECT array_except(array(NULL, 1, NULL, 2, 2), array(2)) AS x
SELECT array_intersect(array(2, NULL, 2, 1, NULL), array(NULL, 2)) AS x
SELECT array_union(array(array(1, NULL)), array(array(1, NULL), NULL)) AS x
SELECT array_distinct(array(named_struct('a', 1, 'b', NULL), named_struct('a', 1, 'b', NULL))) AS x
SELECT zip_with(array(1, 2), array('a', 'b', 'c'), (x, y) -> zip_with(array(x, x), array(y), (p, q) -> concat(p, q, x))) AS x
SELECT id, ci IN (SELECT cp FROM t), ci NOT IN (SELECT cp FROM t) FROM t ORDER BY id
SELECT id, cn IN (SELECT cn FROM t WHERE id > 3), cn NOT IN (SELECT cn FROM t WHERE id > 3) FROM t ORDER BY id
SELECT id FROM t WHERE cn NOT IN (SELECT cn FROM t WHERE id > 4) ORDER BY id
SELECT id FROM t WHERE cn <> 0 AND 10 / cn > 3 ORDER BY id
SELECT g, count(*) FROM t GROUP BY g HAVING count(ci) > 0 AND sum(ci) / count(ci) > 5 ORDER BY g
SELECT g, max((SELECT sum(b.ci) FROM t b WHERE b.g = a.g)) AS s FROM t a GROUP BY g ORDER BY g
SELECT (SELECT max(ci) FROM t) AS m, count(*) FROM t GROUP BY cb ORDER BY 2
SELECT id, sum(ci) OVER (ORDER BY cday RANGE BETWEEN INTERVAL 400 DAYS PRECEDING AND CURRENT ROW) FROM t ORDER BY id
SELECT id, count(*) OVER (ORDER BY cts RANGE BETWEEN INTERVAL '200' DAY PRECEDING AND INTERVAL '1' DAY FOLLOWING) FROM t ORDER BY id
SELECT id, first_value(cs) IGNORE NULLS OVER (ORDER BY id), last_value(ci, true) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), nth_value(cs, 2) OVER (ORDER BY id) FROM t ORDER BY id
SELECT g, cb, grouping(g), grouping_id(g, cb), sum(cp) FROM t GROUP BY CUBE (g, cb) ORDER BY 4, 1, 2
SELECT g, cb, count(*) FROM t GROUP BY ROLLUP (g, cb) HAVING grouping(cb) = 1 ORDER BY 1, 3
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT sum(x), max(x) FROM n
WITH a AS (SELECT id, cs FROM t), b AS (SELECT * FROM a WHERE id > 2) SELECT count(*), (SELECT count(*) FROM a) FROM b
SELECT * FROM (SELECT g, cb, cp FROM t) PIVOT (sum(cp) AS s, count(*) AS n FOR g IN ('x' AS x, 'y')) ORDER BY cb
SELECT * FROM (SELECT id, ci, cp FROM t) UNPIVOT INCLUDE NULLS (v FOR k IN (ci, cp AS pp)) ORDER BY id, k
SELECT id, k, v FROM t LATERAL VIEW OUTER explode(cmap) m AS k, v ORDER BY id, k
SELECT id, p, x, y FROM t LATERAL VIEW posexplode(ca) AS p, x LATERAL VIEW OUTER explode(csa) AS y WHERE id < 4 ORDER BY id, p, y
SELECT id, e.col FROM t, LATERAL (SELECT explode(ca) AS col) e ORDER BY id, e.col
SELECT stack(2, 1, 'a', 2, 'b') AS (n, s)
SELECT json_tuple(cj, 'a', 'b') FROM t ORDER BY id
SELECT id FROM t a LEFT SEMI JOIN (SELECT 1 AS q UNION ALL SELECT 3) b ON a.id = b.q ORDER BY id
SELECT id FROM t a LEFT ANTI JOIN (SELECT 1 AS q UNION ALL SELECT 3) b ON a.id = b.q ORDER BY id
SELECT id FROM t NATURAL JOIN (SELECT 3 AS id, 42 AS ci) x
SELECT * EXCEPT (ca, csa, cmap, cst, cbin, cts, cntz, cday, cj) FROM t WHERE id = 1
SELECT id, cs FROM t ORDER BY cs DESC NULLS FIRST, id LIMIT 3 OFFSET 1
SELECT DISTINCT g, cb FROM t ORDER BY g NULLS LAST, cb
SELECT g FROM t INTERSECT ALL SELECT g FROM t WHERE id < 4 ORDER BY g
SELECT g FROM t EXCEPT ALL SELECT g FROM t WHERE id < 3 ORDER BY g
SELECT g, cb FROM t MINUS SELECT g, cb FROM t WHERE id = 1 ORDER BY 1, 2
SELECT id, rank() OVER (PARTITION BY g ORDER BY cp DESC) r FROM t QUALIFY r = 1 AND id > 0 ORDER BY id
SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY cd), percentile(cp, array(0.0, 0.5, 1.0)), approx_count_distinct(g) FROM t
SELECT listagg(cs, '|') WITHIN GROUP (ORDER BY id), string_agg(DISTINCT g) WITHIN GROUP (ORDER BY g) FROM t
SELECT count(DISTINCT g, cb), count(g, ci), count_if(cb), sum(DISTINCT cp), avg(cm), stddev(cd) FROM t
SELECT max_by(cs, cp), min_by(cs, cp), any_value(g), bool_or(cb), bit_xor(cp), sort_array(collect_set(cb)) FROM t WHERE id < 3
SELECT date_trunc('MONTH', cts) m, count(*) FROM t GROUP BY 1 ORDER BY 1
SELECT id, x FROM t, LATERAL explode(sequence(1, cp)) AS s(x) WHERE cp < 4 ORDER BY id, x
SELECT count(*) FILTER (WHERE cn <> 0 AND 10 / cn > 1), sum(ci) FILTER (WHERE cb OR ci / cp > 0) FROM t
SELECT EXISTS (SELECT 1 FROM t WHERE id > 100), NOT EXISTS (SELECT 1 FROM t WHERE id = 1)
SELECT id FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.cn = a.cn AND b.id <> a.id) ORDER BY id
SELECT id, (SELECT count(*) FROM t b WHERE b.g <=> a.g) FROM t a ORDER BY id
VALUES (1, 'a'), (2, NULL)
SELECT * FROM VALUES (1, 1.5), (2L, 2) AS v(a, b) ORDER BY a
SELECT named_struct('a', 1, 'b', 'x').*
SELECT cst.*, cst.a + 1 FROM t ORDER BY id
SELECT sum(x) FROM (SELECT 1 AS x WHERE false)
SELECT 1 WHERE 1 = 0
SELECT explode(map('a', 1, 'b', 2))
FROM t SELECT id WHERE id < 3 ORDER BY id
SELECT transform(ca, (x, i) -> x + i + cn) FROM t ORDER BY id
SELECT g, sum(cp) AS s FROM t GROUP BY ALL ORDER BY ALL
SELECT a.g, b.n FROM (SELECT DISTINCT g FROM t) a LEFT JOIN (SELECT g, count(*) n FROM t GROUP BY g) b USING (g) ORDER BY 1
SELECT id, (ci, cn) IN (SELECT 7, CAST(NULL AS INT)) AS a, (id, cp) NOT IN (SELECT id, cn FROM t) AS b FROM t ORDER BY id
SELECT (1, 2) IN (SELECT 1, CAST(NULL AS INT)) AS a, (1, 2) IN (SELECT 3, CAST(NULL AS INT)) AS b, (1, 2) NOT IN (SELECT 1, CAST(NULL AS INT)) AS c
SELECT NULL IN (SELECT 1), NULL NOT IN (SELECT 1), CAST(NULL AS INT) IN (SELECT cp FROM t)
SELECT 1 IN (SELECT CAST(NULL AS INT)) AS a, 1 NOT IN (SELECT CAST(NULL AS INT)) AS b, 1 IN (SELECT 1) AS c, 1 NOT IN (SELECT 2 WHERE false) AS d
SELECT id, NOT (cn IN (SELECT cn FROM t WHERE id > 3)) FROM t ORDER BY id
SELECT id FROM t WHERE NOT (cn IN (SELECT cn FROM t WHERE id > 3)) ORDER BY id
SELECT id FROM t WHERE (cn IN (SELECT cn FROM t WHERE id > 3)) IS NULL ORDER BY id
SELECT id, (cn IN (SELECT cn FROM t WHERE id > 3)) IS NULL, (cn NOT IN (SELECT cn FROM t WHERE id > 3)) <=> false FROM t ORDER BY id
SELECT id FROM t WHERE cb OR cn NOT IN (SELECT cn FROM t WHERE id > 4) ORDER BY id
SELECT id FROM t WHERE cb OR NOT (cn IN (SELECT cn FROM t WHERE id > 3)) ORDER BY id
SELECT id, CASE WHEN cn NOT IN (SELECT cn FROM t WHERE id > 3) THEN 'out' ELSE 'in' END FROM t ORDER BY id
SELECT id, if(cn IN (SELECT cn FROM t WHERE id > 3), 1, 0) FROM t ORDER BY id
SELECT id, id IN (SELECT cp FROM t b WHERE b.g = a.g) FROM t a ORDER BY id
SELECT id, ci NOT IN (SELECT cp FROM t b WHERE b.g = a.g AND false) FROM t a ORDER BY id
SELECT id FROM t WHERE named_struct('a', id).b = 1
SELECT g, sum(ci) / count(ci) AS m FROM t GROUP BY g HAVING m > 0 AND count(*) > 1 ORDER BY g
SELECT sum(ci) OVER w, count(*) OVER w FROM t WINDOW w AS (PARTITION BY g ORDER BY id) ORDER BY id
SELECT id, lag(ci, 1, 0) OVER (ORDER BY id), lead(cs) OVER (PARTITION BY g ORDER BY id DESC), ntile(3) OVER (ORDER BY id), cume_dist() OVER (ORDER BY cp), percent_rank() OVER (ORDER BY cp) FROM t ORDER BY id
SELECT date_add(cday, 1) d, count(*) FROM t GROUP BY d HAVING d IS NOT NULL ORDER BY d
SELECT id FROM t ORDER BY length(cs) DESC NULLS LAST, cs LIMIT 2
SELECT CAST(cts AS DATE) AS d, max(cts) OVER (PARTITION BY CAST(cts AS DATE)) FROM t ORDER BY id
SELECT count(*) AS n, cb FROM t GROUP BY cb ORDER BY n DESC, cb
SELECT x.id, y.s FROM t x JOIN LATERAL (SELECT sum(cp) AS s FROM t y WHERE y.id <= x.id) y ORDER BY x.id
SELECT map_from_entries(collect_list(struct(id, cs))) FROM t WHERE id < 3
SELECT aggregate(collect_list(cp), 0, (a, x) -> a + x), sort_array(collect_set(g)), array_sort(collect_list(cp), (a, b) -> b - a) FROM t
SELECT * FROM (SELECT 1 a, 2 b) x CROSS JOIN (SELECT 3 c) y
SELECT id, try_element_at(cmap, 'a'), element_at(csa, -1), cmap['x'], get(ca, 0) FROM t WHERE id < 3 ORDER BY id
SELECT array_union(array(struct(cn, cs)), array(struct(2, 'x'))) AS x FROM t ORDER BY id
SELECT array(struct(cn, cs)) = array(struct(2, 'x')) AS x FROM t ORDER BY id
SELECT struct(cn, cs) = struct(2, 'x') AS x FROM t ORDER BY id
SELECT arrays_overlap(array(named_struct('a', cn)), array(named_struct('b', cn))) AS x FROM t ORDER BY id
SELECT array_intersect(array(named_struct('a', cn)), array(named_struct('A', cn))) AS x FROM t ORDER BY id
SELECT array_contains(array(named_struct('a', cn)), named_struct('b', cn)) AS x FROM t ORDER BY id
SELECT coalesce(named_struct('a', cn), named_struct('b', cn)) AS x FROM t ORDER BY id
"""

ZONES = ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "America/Havana", "+05:45", "GMT-3"]
ZONED = """
CAST(TIMESTAMP'2024-07-01 12:00:00' AS STRING); hour(TIMESTAMP'2024-07-01T12:00:00Z'); date_format(TIMESTAMP'2024-07-01T12:00:00Z', 'yyyy-MM-dd HH:mm'); CAST(TIMESTAMP'2024-07-01T02:00:00Z' AS DATE); CAST('2024-07-01 12:00:00' AS TIMESTAMP); CAST(DATE'2024-07-01' AS TIMESTAMP); to_timestamp('2024-03-10 02:30:00'); unix_timestamp('2024-07-01', 'yyyy-MM-dd'); from_unixtime(0); date_trunc('day', TIMESTAMP'2024-07-01T02:00:00Z'); current_timezone(); CAST(TIMESTAMP_NTZ'2024-07-01 12:00:00' AS TIMESTAMP); CAST(TIMESTAMP'2024-07-01T12:00:00Z' AS TIMESTAMP_NTZ); TIMESTAMP'2024-11-03 01:30:00'; TIMESTAMP'2024-03-09 12:00:00' + INTERVAL 1 DAY; TIMESTAMP'2024-03-09 12:00:00' + INTERVAL 24 HOURS; dayofweek(TIMESTAMP'2024-07-01T02:00:00Z'); make_timestamp(2024, 7, 1, 12, 0, 0); to_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', 'Asia/Tokyo'); from_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', 'Asia/Tokyo'); timestamp_seconds(0); date_add(TIMESTAMP'2024-07-01T02:00:00Z', 1); datediff(TIMESTAMP'2024-07-02T02:00:00Z', TIMESTAMP'2024-07-01T12:00:00Z'); DATE'2024-07-01' = TIMESTAMP'2024-07-01 00:00:00'; last_day(TIMESTAMP'2024-07-01T02:00:00Z'); months_between(TIMESTAMP'2024-07-31T12:00:00Z', TIMESTAMP'2024-06-30T12:00:00Z'); convert_timezone('Asia/Tokyo', TIMESTAMP_NTZ'2024-07-01 12:00:00'); date_format(TIMESTAMP'2024-07-01T12:00:00Z', 'XXX'); year(TIMESTAMP'2024-01-01T02:00:00Z'); trunc(TIMESTAMP'2024-01-01T02:00:00Z', 'MM'); add_months(TIMESTAMP'2024-01-31T02:00:00Z', 1); extract(HOUR FROM TIMESTAMP'2024-07-01T12:00:00Z'); cts; CAST(cts AS STRING); hour(cts); CAST(cts AS DATE); date_trunc('month', cts); date_format(cts, 'HH:mm'); to_date(cts); CAST(cday AS TIMESTAMP); unix_timestamp(cday); CAST(TIMESTAMP'2024-03-10T06:59:59Z' AS STRING); CAST(TIMESTAMP'2024-03-10T06:59:59Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-03-10T07:00:00Z' AS STRING); CAST(TIMESTAMP'2024-03-10T07:00:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-11-03T05:30:00Z' AS STRING); CAST(TIMESTAMP'2024-11-03T05:30:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-11-03T06:30:00.25Z' AS STRING); CAST(TIMESTAMP'2024-11-03T06:30:00.25Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-03-31T01:00:00Z' AS STRING); CAST(TIMESTAMP'2024-03-31T01:00:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-10-27T00:30:00Z' AS STRING); CAST(TIMESTAMP'2024-10-27T00:30:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-10-27T01:30:00Z' AS STRING); CAST(TIMESTAMP'2024-10-27T01:30:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-10-05T15:29:59Z' AS STRING); CAST(TIMESTAMP'2024-10-05T15:29:59Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-10-05T15:30:00Z' AS STRING); CAST(TIMESTAMP'2024-10-05T15:30:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-04-06T14:45:00Z' AS STRING); CAST(TIMESTAMP'2024-04-06T14:45:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2024-04-06T15:15:00Z' AS STRING); CAST(TIMESTAMP'2024-04-06T15:15:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'1883-11-18T16:59:59Z' AS STRING); CAST(TIMESTAMP'1883-11-18T16:59:59Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'1883-11-18T17:00:01Z' AS STRING); CAST(TIMESTAMP'1883-11-18T17:00:01Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'1800-01-01T00:00:00Z' AS STRING); CAST(TIMESTAMP'1800-01-01T00:00:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'0001-06-15T12:34:56.123456Z' AS STRING); CAST(TIMESTAMP'0001-06-15T12:34:56.123456Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'1945-08-14T23:30:00Z' AS STRING); CAST(TIMESTAMP'1945-08-14T23:30:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'2100-07-01T12:00:00Z' AS STRING); CAST(TIMESTAMP'2100-07-01T12:00:00Z' AS TIMESTAMP_NTZ); CAST(TIMESTAMP'1969-12-31T23:59:59.999Z' AS STRING); CAST(TIMESTAMP'1969-12-31T23:59:59.999Z' AS TIMESTAMP_NTZ); TIMESTAMP'2024-03-10T06:59:59Z' + INTERVAL 1 DAY; TIMESTAMP'2024-03-10T06:59:59Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-03-10T06:59:59Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-03-10T06:59:59Z'); date_trunc('DAY', TIMESTAMP'2024-03-10T06:59:59Z'); date_format(TIMESTAMP'2024-03-10T06:59:59Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-03-10T06:59:59Z'); dateadd(DAY, -1, TIMESTAMP'2024-03-10T06:59:59Z'); TIMESTAMP'2024-03-10T07:00:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-03-10T07:00:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-03-10T07:00:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-03-10T07:00:00Z'); date_trunc('DAY', TIMESTAMP'2024-03-10T07:00:00Z'); date_format(TIMESTAMP'2024-03-10T07:00:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-03-10T07:00:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-03-10T07:00:00Z'); TIMESTAMP'2024-11-03T05:30:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-11-03T05:30:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-11-03T05:30:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-11-03T05:30:00Z'); date_trunc('DAY', TIMESTAMP'2024-11-03T05:30:00Z'); date_format(TIMESTAMP'2024-11-03T05:30:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-11-03T05:30:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-11-03T05:30:00Z'); TIMESTAMP'2024-11-03T06:30:00.25Z' + INTERVAL 1 DAY; TIMESTAMP'2024-11-03T06:30:00.25Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-11-03T06:30:00.25Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-11-03T06:30:00.25Z'); date_trunc('DAY', TIMESTAMP'2024-11-03T06:30:00.25Z'); date_format(TIMESTAMP'2024-11-03T06:30:00.25Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-11-03T06:30:00.25Z'); dateadd(DAY, -1, TIMESTAMP'2024-11-03T06:30:00.25Z'); TIMESTAMP'2024-03-31T01:00:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-03-31T01:00:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-03-31T01:00:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-03-31T01:00:00Z'); date_trunc('DAY', TIMESTAMP'2024-03-31T01:00:00Z'); date_format(TIMESTAMP'2024-03-31T01:00:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-03-31T01:00:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-03-31T01:00:00Z'); TIMESTAMP'2024-10-27T00:30:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-10-27T00:30:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-10-27T00:30:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-10-27T00:30:00Z'); date_trunc('DAY', TIMESTAMP'2024-10-27T00:30:00Z'); date_format(TIMESTAMP'2024-10-27T00:30:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-10-27T00:30:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-10-27T00:30:00Z'); TIMESTAMP'2024-10-27T01:30:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-10-27T01:30:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-10-27T01:30:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-10-27T01:30:00Z'); date_trunc('DAY', TIMESTAMP'2024-10-27T01:30:00Z'); date_format(TIMESTAMP'2024-10-27T01:30:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-10-27T01:30:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-10-27T01:30:00Z'); TIMESTAMP'2024-10-05T15:29:59Z' + INTERVAL 1 DAY; TIMESTAMP'2024-10-05T15:29:59Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-10-05T15:29:59Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-10-05T15:29:59Z'); date_trunc('DAY', TIMESTAMP'2024-10-05T15:29:59Z'); date_format(TIMESTAMP'2024-10-05T15:29:59Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-10-05T15:29:59Z'); dateadd(DAY, -1, TIMESTAMP'2024-10-05T15:29:59Z'); TIMESTAMP'2024-10-05T15:30:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-10-05T15:30:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-10-05T15:30:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-10-05T15:30:00Z'); date_trunc('DAY', TIMESTAMP'2024-10-05T15:30:00Z'); date_format(TIMESTAMP'2024-10-05T15:30:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-10-05T15:30:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-10-05T15:30:00Z'); TIMESTAMP'2024-04-06T14:45:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-04-06T14:45:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-04-06T14:45:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-04-06T14:45:00Z'); date_trunc('DAY', TIMESTAMP'2024-04-06T14:45:00Z'); date_format(TIMESTAMP'2024-04-06T14:45:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-04-06T14:45:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-04-06T14:45:00Z'); TIMESTAMP'2024-04-06T15:15:00Z' + INTERVAL 1 DAY; TIMESTAMP'2024-04-06T15:15:00Z' - INTERVAL '1 02' DAY TO HOUR; TIMESTAMP'2024-04-06T15:15:00Z' + INTERVAL 1 MONTH; date_trunc('HOUR', TIMESTAMP'2024-04-06T15:15:00Z'); date_trunc('DAY', TIMESTAMP'2024-04-06T15:15:00Z'); date_format(TIMESTAMP'2024-04-06T15:15:00Z', 'EEE d MMM yyyy h:mm a'); dateadd(HOUR, 30, TIMESTAMP'2024-04-06T15:15:00Z'); dateadd(DAY, -1, TIMESTAMP'2024-04-06T15:15:00Z'); TIMESTAMP'2024-03-10 02:30:00'; CAST('2024-03-10 02:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-03-10 02:30:00' AS TIMESTAMP); unix_timestamp('2024-03-10 02:30:00'); unix_micros(TIMESTAMP'2024-03-10 02:30:00'); to_timestamp('2024-03-10 02:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-11-03 01:30:00'; CAST('2024-11-03 01:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-11-03 01:30:00' AS TIMESTAMP); unix_timestamp('2024-11-03 01:30:00'); unix_micros(TIMESTAMP'2024-11-03 01:30:00'); to_timestamp('2024-11-03 01:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-03-31 02:30:00'; CAST('2024-03-31 02:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-03-31 02:30:00' AS TIMESTAMP); unix_timestamp('2024-03-31 02:30:00'); unix_micros(TIMESTAMP'2024-03-31 02:30:00'); to_timestamp('2024-03-31 02:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-10-27 02:30:00'; CAST('2024-10-27 02:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-10-27 02:30:00' AS TIMESTAMP); unix_timestamp('2024-10-27 02:30:00'); unix_micros(TIMESTAMP'2024-10-27 02:30:00'); to_timestamp('2024-10-27 02:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-10-06 02:15:00'; CAST('2024-10-06 02:15:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-10-06 02:15:00' AS TIMESTAMP); unix_timestamp('2024-10-06 02:15:00'); unix_micros(TIMESTAMP'2024-10-06 02:15:00'); to_timestamp('2024-10-06 02:15', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-04-07 01:45:00'; CAST('2024-04-07 01:45:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-04-07 01:45:00' AS TIMESTAMP); unix_timestamp('2024-04-07 01:45:00'); unix_micros(TIMESTAMP'2024-04-07 01:45:00'); to_timestamp('2024-04-07 01:45', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-03-10 00:30:00'; CAST('2024-03-10 00:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-03-10 00:30:00' AS TIMESTAMP); unix_timestamp('2024-03-10 00:30:00'); unix_micros(TIMESTAMP'2024-03-10 00:30:00'); to_timestamp('2024-03-10 00:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2024-11-03 00:30:00'; CAST('2024-11-03 00:30:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2024-11-03 00:30:00' AS TIMESTAMP); unix_timestamp('2024-11-03 00:30:00'); unix_micros(TIMESTAMP'2024-11-03 00:30:00'); to_timestamp('2024-11-03 00:30', 'yyyy-MM-dd HH:mm'); TIMESTAMP'1883-11-18 12:01:00'; CAST('1883-11-18 12:01:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'1883-11-18 12:01:00' AS TIMESTAMP); unix_timestamp('1883-11-18 12:01:00'); unix_micros(TIMESTAMP'1883-11-18 12:01:00'); to_timestamp('1883-11-18 12:01', 'yyyy-MM-dd HH:mm'); TIMESTAMP'1800-01-01 00:00:00'; CAST('1800-01-01 00:00:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'1800-01-01 00:00:00' AS TIMESTAMP); unix_timestamp('1800-01-01 00:00:00'); unix_micros(TIMESTAMP'1800-01-01 00:00:00'); to_timestamp('1800-01-01 00:00', 'yyyy-MM-dd HH:mm'); TIMESTAMP'0099-03-01 10:00:00'; CAST('0099-03-01 10:00:00' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'0099-03-01 10:00:00' AS TIMESTAMP); unix_timestamp('0099-03-01 10:00:00'); unix_micros(TIMESTAMP'0099-03-01 10:00:00'); to_timestamp('0099-03-01 10:00', 'yyyy-MM-dd HH:mm'); TIMESTAMP'2099-12-31 23:59:59.999999'; CAST('2099-12-31 23:59:59.999999' AS TIMESTAMP); CAST(TIMESTAMP_NTZ'2099-12-31 23:59:59.999999' AS TIMESTAMP); unix_timestamp('2099-12-31 23:59:59'); unix_micros(TIMESTAMP'2099-12-31 23:59:59.999999'); to_timestamp('2099-12-31 23:59', 'yyyy-MM-dd HH:mm'); CAST(DATE'2024-03-10' AS TIMESTAMP); unix_timestamp(DATE'2024-03-10'); DATE'2024-03-10' + INTERVAL 5 HOURS; CAST(DATE'2024-11-03' AS TIMESTAMP); unix_timestamp(DATE'2024-11-03'); DATE'2024-11-03' + INTERVAL 5 HOURS; CAST(DATE'2024-10-06' AS TIMESTAMP); unix_timestamp(DATE'2024-10-06'); DATE'2024-10-06' + INTERVAL 5 HOURS; CAST(DATE'1800-01-01' AS TIMESTAMP); unix_timestamp(DATE'1800-01-01'); DATE'1800-01-01' + INTERVAL 5 HOURS; CAST(DATE'0001-01-01' AS TIMESTAMP); unix_timestamp(DATE'0001-01-01'); DATE'0001-01-01' + INTERVAL 5 HOURS; from_unixtime(1710054000); from_unixtime(1730611800, 'yyyy-MM-dd HH:mm:ss'); from_unixtime(-3000000000); hour(TIMESTAMP'2024-11-03T06:30:00Z'); minute(TIMESTAMP'1800-01-01T00:00:00Z'); second(TIMESTAMP'1800-01-01T00:00:00Z'); extract(SECOND FROM TIMESTAMP'1800-01-01T00:00:00.5Z'); date_part('DOW', TIMESTAMP'2024-07-01T02:00:00Z'); weekofyear(TIMESTAMP'2024-01-01T02:00:00Z'); quarter(TIMESTAMP'2024-04-01T02:00:00Z'); dayofyear(TIMESTAMP'2024-01-01T02:00:00Z'); last_day(TIMESTAMP'2024-03-01T03:00:00Z'); next_day(TIMESTAMP'2024-07-01T02:00:00Z', 'MO'); trunc(TIMESTAMP'2024-07-01T02:00:00Z', 'QUARTER'); date_trunc('WEEK', TIMESTAMP'2024-07-01T02:00:00Z'); date_trunc('MONTH', TIMESTAMP'2024-12-01T02:00:00Z'); date_trunc('QUARTER', TIMESTAMP'2024-04-01T02:00:00Z'); date_trunc('YEAR', TIMESTAMP'2024-01-01T02:00:00Z'); date_trunc('MINUTE', TIMESTAMP'1800-01-01T00:00:30Z'); TIMESTAMP'2024-11-04 00:00:00' - TIMESTAMP'2024-11-03 00:00:00'; TIMESTAMP'2024-03-11 12:00:00' - TIMESTAMP'2024-03-09 12:00:00'; datediff(HOUR, TIMESTAMP'2024-11-03 00:00:00', TIMESTAMP'2024-11-04 00:00:00'); timestampdiff(DAY, TIMESTAMP'2024-03-09 12:00:00', TIMESTAMP'2024-03-10 12:00:00'); timestampdiff(MONTH, TIMESTAMP'2024-01-31 12:00:00', TIMESTAMP'2024-03-01 00:00:00'); months_between(TIMESTAMP'2024-11-30 01:30:00', TIMESTAMP'2024-10-31 01:30:00'); make_timestamp(2024, 11, 3, 1, 30, 0); make_timestamp_ltz(2024, 3, 10, 2, 30, 0); make_timestamp_ntz(2024, 3, 10, 2, 30, 0); to_utc_timestamp(TIMESTAMP'2024-11-03 01:30:00', 'America/New_York'); from_utc_timestamp(TIMESTAMP'2024-11-03 06:30:00', 'America/New_York'); to_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', '+05:45'); from_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', 'GMT-8'); from_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', 'PST'); convert_timezone('America/New_York', 'Europe/Berlin', TIMESTAMP_NTZ'2024-03-10 02:30:00'); convert_timezone('Australia/Lord_Howe', TIMESTAMP_NTZ'2024-11-03 01:30:00'); array(TIMESTAMP'2024-07-01T12:00:00Z'); named_struct('a', TIMESTAMP'2024-07-01T12:00:00Z'); CAST(array(TIMESTAMP'2024-07-01T12:00:00Z') AS STRING); TIMESTAMP'2024-07-01 12:00:00 Europe/Berlin'; CAST('2024-07-01 12:00:00+01:30' AS TIMESTAMP); CAST('2024-10-27 02:30:00 Europe/Berlin' AS TIMESTAMP); CAST(TIMESTAMP'2024-07-01 00:00:00' AS BIGINT); to_date(TIMESTAMP'2024-07-01T23:30:00Z'); TIMESTAMP_NTZ'2024-07-01 12:00:00' = TIMESTAMP'2024-07-01 12:00:00'; DATE'2024-03-10' < TIMESTAMP'2024-03-10T05:00:00Z'; coalesce(TIMESTAMP_NTZ'2024-07-01 12:00:00', TIMESTAMP'2024-07-01T12:00:00Z'); greatest(DATE'2024-07-01', TIMESTAMP'2024-07-01T01:00:00Z'); concat('at ', TIMESTAMP'2024-07-01T12:00:00Z'); cts + INTERVAL 1 DAY; cts + INTERVAL 1 MONTH; date_trunc('day', cts); date_trunc('hour', cts); cntz; CAST(cntz AS TIMESTAMP); CAST(ck AS TIMESTAMP); unix_timestamp(ck, 'yyyy-MM-dd'); cts - cday; date_format(cts, 'yyyy-MM-dd HH:mm:ss'); dayofweek(cts); datediff(cts, cday); months_between(cts, cday); from_unixtime(cl); timestamp_seconds(ci); cday = cts; cast(cts AS DATE) = cday; weekday(cts); extract(HOUR FROM cts)
"""
