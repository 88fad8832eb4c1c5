/** Functions of text and bytes: see `signatures.ts`. */
export const STRING_SIGNATURES = `
ascii(string) int = CASE WHEN $1 = '' THEN 0 ELSE CAST(unicode($1) AS INTEGER) END
base64(binary) string = rtrim(regexp_replace(base64($1), '(.{76})', '\\1' || chr(13) || chr(10), 'g'), chr(13) || chr(10))
bit_length(binary) int = CAST(octet_length($1) * 8 AS INTEGER)
bit_length(string) int = CAST(strlen($1) * 8 AS INTEGER)
btrim(string) string = trim($1, ' ')
btrim(string, string) string = trim($1, $2)
char(bigint) string = __char($1)
chr(bigint) string = __char($1)
char_length(binary) int = CAST(octet_length($1) AS INTEGER)
char_length(string) int = CAST(length($1) AS INTEGER)
character_length(binary) int = CAST(octet_length($1) AS INTEGER)
character_length(string) int = CAST(length($1) AS INTEGER)
contains(binary, binary) boolean = refused
contains(string, string) boolean = contains($1, $2)
conv(string, int, int) string = __conv($1, $2, $3)
decode(binary, string) string = __decode($1, $2)
encode(string, string) binary = __encode($1, $2)
endswith(binary, binary) boolean = refused
endswith(string, string) boolean = ends_with($1, $2)
find_in_set(string, string) int = __find_in_set($1, $2)
format_number(decimal, int) string = __format_number(CAST($1 AS VARCHAR), $2)
format_number(integral, int) string = __format_number(CAST($1 AS VARCHAR), $2)
format_number(double, int) string = __format_double($1, $2)
format_number(numeric, string) string = refused
hex(bigint) string = __hex_number($1)
hex(decimal) string = __hex_number(CAST(trunc($1) AS BIGINT))
hex(double) string = __hex_number(CAST(trunc($1) AS BIGINT))
hex(binary) string = hex($1)
hex(string) string = hex(encode($1))
initcap(string) string = __initcap($1)
instr(string, string) int = CAST(instr($1, $2) AS INTEGER)
is_valid_utf8(binary) boolean = refused
is_valid_utf8(string) boolean = $1 IS NOT NULL OR NULL
lcase(string) string = CASE WHEN strlen($1) = length($1) THEN lower($1) ELSE __cased($1, false) END
left(string, int) string = CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 <= 0 THEN '' ELSE left($1, $2) END
len(binary) int = CAST(octet_length($1) AS INTEGER)
len(string) int = CAST(length($1) AS INTEGER)
length(binary) int = CAST(octet_length($1) AS INTEGER)
length(string) int = CAST(length($1) AS INTEGER)
levenshtein(string, string) int = CASE WHEN strlen($1) = length($1) AND strlen($2) = length($2) THEN CAST(levenshtein($1, $2) AS INTEGER) ELSE __levenshtein($1, $2, -2147483648) END
levenshtein(string, string, int) int = CASE WHEN strlen($1) = length($1) AND strlen($2) = length($2) AND $3 IS NOT NULL THEN CASE WHEN levenshtein($1, $2) > $3 THEN -1 ELSE CAST(levenshtein($1, $2) AS INTEGER) END ELSE __levenshtein($1, $2, $3) END
locate(string, string) int = __locate($1, $2, 1)
locate(string, string, int) int = CASE WHEN $3 IS NULL THEN 0 ELSE __locate($1, $2, $3) END
lower(string) string = CASE WHEN strlen($1) = length($1) THEN lower($1) ELSE __cased($1, false) END
lpad(binary, int) binary = refused
lpad(binary, int, binary) binary = refused
rpad(binary, int) binary = refused
rpad(binary, int, binary) binary = refused
lpad(string, int) string = __pad($1, $2, ' ', true)
lpad(string, int, string) string = __pad($1, $2, $3, true)
__ltrim(string) string = ltrim($1, ' ')
__ltrim(string, string) string = ltrim($1, $2)
ltrim(string) string = ltrim($1, ' ')
ltrim(string, string) string = ltrim($2, $1)
luhn_check(string) boolean = __luhn_check($1)
mask(string) string = __mask($1, 'X', 'x', 'n')
md5(binary) string = md5($1)
md5(string) string = md5($1)
octet_length(binary) int = CAST(octet_length($1) AS INTEGER)
octet_length(string) int = CAST(strlen($1) AS INTEGER)
overlay(string, string, int) string = __overlay($1, $2, $3, -1)
overlay(string, string, int, int) string = __overlay($1, $2, $3, $4)
parse_url(string, string) string = __parse_url($1, $2, '')
parse_url(string, string, string) string = __parse_url($1, $2, '=' || $3)
position(string, string) int = __locate($1, $2, 1)
position(string, string, int) int = CASE WHEN $3 IS NULL THEN 0 ELSE __locate($1, $2, $3) END
repeat(string, int) string = CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 <= 0 THEN '' ELSE repeat($1, __fits(CAST($2 AS BIGINT), strlen($1))) END
replace(string, string) string = CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, '') END
replace(string, string, string) string = CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, CASE WHEN __fits(strlen($1), strlen($3)) >= 0 THEN $3 END) END
right(string, int) string = CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 <= 0 THEN '' ELSE right($1, $2) END
rpad(string, int) string = __pad($1, $2, ' ', false)
rpad(string, int, string) string = __pad($1, $2, $3, false)
__rtrim(string) string = rtrim($1, ' ')
__rtrim(string, string) string = rtrim($1, $2)
rtrim(string) string = rtrim($1, ' ')
rtrim(string, string) string = rtrim($2, $1)
sha(binary) string = sha1($1)
sha(string) string = sha1($1)
sha1(binary) string = sha1($1)
sha1(string) string = sha1($1)
sha2(binary, int) string = __sha2($1, $2)
sha2(string, int) string = __sha2(encode($1), $2)
crc32(binary) bigint = __crc32($1)
crc32(string) bigint = __crc32(encode($1))
soundex(string) string = __soundex($1)
space(int) string = CASE WHEN $1 <= 0 THEN '' ELSE repeat(' ', __fits(CAST($1 AS BIGINT), 1)) END
split_part(string, string, int) string = __split_part($1, $2, $3)
startswith(binary, binary) boolean = refused
startswith(string, string) boolean = starts_with($1, $2)
substr(binary, int) binary = __substr_bytes($1, $2, 2147483647)
substr(binary, int, int) binary = __substr_bytes($1, $2, $3)
substr(string, int) string = __substr($1, $2, 2147483647)
substr(string, int, int) string = __substr($1, $2, $3)
substring(binary, int) binary = __substr_bytes($1, $2, 2147483647)
substring(binary, int, int) binary = __substr_bytes($1, $2, $3)
substring(string, int) string = __substr($1, $2, 2147483647)
substring(string, int, int) string = __substr($1, $2, $3)
substring_index(string, string, int) string = __substring_index($1, $2, $3)
translate(string, string, string) string = __translate($1, $2, $3)
__trim(string) string = trim($1, ' ')
__trim(string, string) string = trim($1, $2)
trim(string) string = trim($1, ' ')
trim(string, string) string = trim($2, $1)
try_url_decode(string) string = __url_decode($1, true)
try_validate_utf8(binary) string = refused
try_validate_utf8(string) string = $1
ucase(string) string = CASE WHEN strlen($1) = length($1) THEN upper($1) ELSE __cased($1, true) END
unbase64(string) binary = __unbase64($1)
unhex(string) binary = __unhex($1, false)
upper(string) string = CASE WHEN strlen($1) = length($1) THEN upper($1) ELSE __cased($1, true) END
url_decode(string) string = __url_decode($1, false)
url_encode(string) string = __url_encode($1)
validate_utf8(binary) string = refused
validate_utf8(string) string = $1
`;
