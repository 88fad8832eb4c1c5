"""Literals by type letter, and the table whose columns have these types."""

POOLS = {
    # int, small int number, bigint, tinyint, smallint
    "i": ["7", "0", "-1", "42", "2147483647", "-2147483648", "CAST(NULL AS INT)", "100"],
    "n": ["1", "2", "3", "0", "-1", "-2", "5", "CAST(NULL AS INT)"],
    "p": ["1", "2", "3", "4", "6"],
    "l": ["5L", "-12L", "0L", "9223372036854775807L", "-9223372036854775808L", "CAST(NULL AS BIGINT)"],
    "y": ["1Y", "127Y", "-128Y", "CAST(NULL AS TINYINT)"],
    "h": ["300S", "-5S", "32767S", "CAST(NULL AS SMALLINT)"],
    # double, float, decimal
    "d": ["1.5D", "-2.25D", "0D", "1e10D", "100.0D", "0.1D", "double('NaN')", "double('Infinity')", "double('-Infinity')", "1.0E-5D", "CAST(NULL AS DOUBLE)"],
    "u": ["0.5D", "-0.25D", "1D", "0D", "CAST(NULL AS DOUBLE)", "-1D"],
    "f": ["1.5F", "-0.1F", "CAST(NULL AS FLOAT)", "300000.0F"],
    "m": ["1.5", "-2.25", "0.00", "123456.789", "CAST(12 AS DECIMAL(10,0))", "99999999999999999999.99", "2.5", "-3.5", "CAST(NULL AS DECIMAL(10,2))", "CAST(0.005 AS DECIMAL(5,3))"],
    # string, digits, date text, json text
    "s": ["'abc'", "'Hello World'", "''", "' naïve ☃ '", "'a,b,c'", "'123'", "CAST(NULL AS STRING)", "'ÄÖÜß'", "'aaa'", "'x-y_z.w'", "'日本語'"],
    "w": ["'a'", "'l'", "','", "''", "'bc'", "' '", "CAST(NULL AS STRING)", "'☃'", "'b'"],
    "q": ["'12'", "'-7'", "' 42 '", "'1.5'", "'1e3'", "'x'", "''", "'2147483648'", "CAST(NULL AS STRING)", "'+5'", "'.5'", "'5.'", "'NaN'", "'-Infinity'", "'1_000'", "'0x1F'", "'12abc'", "'true'", "'t'", "'no'", "'0'"],
    "k": ["'2024-02-29'", "'2024-2-9'", "'2024'", "'2024-02'", "'2024-02-30'", "'2024-02-29 12:34:56.789'", "'2024-02-29T12:34:56Z'", "'2024-02-29 12:34:56+01:00'", "' 2024-02-29 '", "'x'", "''", "CAST(NULL AS STRING)", "'2024-02-29 1:2:3'", "'1969-12-31 23:59:59.999999'", "'20240229'", "'2024-02-29 12:34'", "'2024-02-29 12:34:56 Europe/Berlin'", "'-0044-03-15'"],
    "j": ["'{\"a\":1,\"b\":{\"c\":\"x\"},\"d\":[1,2,{\"e\":null}]}'", "'[1,2,3]'", "'\"text\"'", "'{}'", "'null'", "'12.50'", "'{\"a\" : \"q\\\\\\\\n☃\", \"k\": true}'", "'not json'", "CAST(NULL AS STRING)", "'[{\"a\":1},{\"a\":2}]'"],
    # dates and times
    "D": ["DATE'2024-02-29'", "DATE'1970-01-01'", "DATE'2023-12-31'", "DATE'1999-01-03'", "DATE'0001-01-01'", "DATE'9999-12-31'", "CAST(NULL AS DATE)", "DATE'2024-01-31'", "DATE'1969-07-20'"],
    "T": ["TIMESTAMP'2024-02-29 12:34:56.789012'", "TIMESTAMP'1970-01-01 00:00:00'", "TIMESTAMP'1969-12-31 23:59:59.999'", "TIMESTAMP'2023-12-31 23:59:59'", "TIMESTAMP'2024-03-31 01:30:00'", "CAST(NULL AS TIMESTAMP)", "TIMESTAMP'2024-07-04 00:00:00.5'", "TIMESTAMP'2024-01-31 08:05:09'"],
    "N": ["TIMESTAMP_NTZ'2024-02-29 12:34:56.789012'", "TIMESTAMP_NTZ'1969-12-31 23:59:59.5'", "CAST(NULL AS TIMESTAMP_NTZ)", "TIMESTAMP_NTZ'2024-11-03 00:00:00'"],
    "I": ["INTERVAL '1 02:03:04.5' DAY TO SECOND", "INTERVAL '-3' DAY", "INTERVAL '90' MINUTE", "INTERVAL '0' SECOND", "INTERVAL '36:00' HOUR TO MINUTE"],
    "Y": ["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '-5' MONTH", "INTERVAL '3' YEAR"],
    "b": ["true", "false", "CAST(NULL AS BOOLEAN)"],
    "x": ["X'1F00FF'", "X''", "CAST('abc' AS BINARY)", "CAST(NULL AS BINARY)", "CAST('naïve' AS BINARY)"],
    # arrays, maps, structs
    "A": ["array(3,1,2)", "array(1,NULL,2,1)", "CAST(array() AS ARRAY<INT>)", "CAST(NULL AS ARRAY<INT>)", "array(5)", "array(-1,0,2147483647)", "array(CAST(NULL AS INT))"],
    "S": ["array('b','a','c')", "array('x',NULL,'y','x')", "CAST(array() AS ARRAY<STRING>)", "array('a,b','')", "CAST(NULL AS ARRAY<STRING>)", "array('ß','日本')"],
    "F": ["array(1.5D,-2D,0D)", "array(double('NaN'),1D,NULL)"],
    "G": ["array(array(1,2),array(3))", "array(array(1),CAST(NULL AS ARRAY<INT>))", "array(array(NULL,1))"],
    "M": ["map('a',1,'b',2)", "map('x',CAST(NULL AS INT))", "CAST(map() AS MAP<STRING,INT>)", "CAST(NULL AS MAP<STRING,INT>)", "map('z',26,'',0,'☃',3)"],
    "K": ["map(1,'a',2,'b')", "map(0,NULL)"],
    "R": ["named_struct('a',1,'b','x')", "struct(1,'y')", "named_struct('a',CAST(NULL AS INT),'b','')"],
    "V": ["parse_json('{\"a\":1,\"b\":[1,\"x\",null],\"c\":{\"d\":2.5}}')", "parse_json('[1,2]')", "parse_json('\"s\"')", "parse_json('null')", "parse_json('12')"],
}

# Columns of the table `t`, by type letter; `id` gives the order.
COLUMNS = {
    "i": "ci", "n": "cn", "p": "cp", "l": "cl", "d": "cd", "m": "cm", "s": "cs", "w": "cw", "D": "cday", "T": "cts", "N": "cntz",
    "b": "cb", "A": "ca", "S": "csa", "M": "cmap", "R": "cst", "x": "cbin", "q": "cq", "k": "ck", "y": "cy", "h": "ch", "f": "cf",
    "j": "cj", "u": "cu",
}

SETUP = """SELECT * FROM VALUES
(1, 'x', 7, 1, 2, 5L, 1.5D, CAST(1.50 AS DECIMAL(10,2)), 'abc', 'b', DATE'2024-02-29', TIMESTAMP'2024-02-29 12:34:56.789', TIMESTAMP_NTZ'2024-02-29 12:34:56', true, array(3,1,2), array('b','a'), map('a',1,'b',2), named_struct('a',1,'b','x'), CAST('abc' AS BINARY), '12', '2024-02-29', 1Y, 300S, 1.5F, '{"a":1,"b":{"c":"x"}}', 0.5D),
(2, 'y', -1, 2, 3, -12L, -2.25D, CAST(-2.25 AS DECIMAL(10,2)), 'Hello World', 'l', DATE'1970-01-01', TIMESTAMP'1970-01-01 00:00:00', TIMESTAMP_NTZ'1969-12-31 23:59:59.5', false, array(1,NULL,2,1), array('x',NULL,'y'), map('x',CAST(NULL AS INT)), named_struct('a',2,'b','y'), CAST('' AS BINARY), '-7', '1999-12-31', -128Y, -5S, -0.1F, '[1,2,3]', -0.25D),
(3, 'x', 42, -1, 1, 0L, 0D, CAST(0 AS DECIMAL(10,2)), '', ',', DATE'2023-12-31', TIMESTAMP'2023-12-31 23:59:59', TIMESTAMP_NTZ'2024-01-31 00:00:00', true, CAST(array() AS ARRAY<INT>), CAST(array() AS ARRAY<STRING>), CAST(map() AS MAP<STRING,INT>), named_struct('a',CAST(NULL AS INT),'b',''), CAST('naïve' AS BINARY), '42', '2024-02-29', 127Y, 32767S, 0F, '{}', 1D),
(4, 'y', CAST(NULL AS INT), CAST(NULL AS INT), 4, CAST(NULL AS BIGINT), CAST(NULL AS DOUBLE), CAST(NULL AS DECIMAL(10,2)), CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS DATE), CAST(NULL AS TIMESTAMP), CAST(NULL AS TIMESTAMP_NTZ), CAST(NULL AS BOOLEAN), CAST(NULL AS ARRAY<INT>), CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING,INT>), CAST(NULL AS STRUCT<a:INT,b:STRING>), CAST(NULL AS BINARY), CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS TINYINT), CAST(NULL AS SMALLINT), CAST(NULL AS FLOAT), CAST(NULL AS STRING), CAST(NULL AS DOUBLE)),
(5, NULL, 100, 3, 6, 9000000000L, 100D, CAST(99999999.99 AS DECIMAL(10,2)), 'ÄÖÜß naïve ☃', '☃', DATE'1999-01-03', TIMESTAMP'2024-07-04 00:00:00.5', TIMESTAMP_NTZ'2024-07-04 18:00:01', false, array(5), array('a,b',''), map('z',26,'',0), named_struct('a',5,'b','日本語'), X'1F00FF', '5', '2000-01-01', 0Y, 0S, 3.25F, '{"a":"q","d":[1,{"e":null}]}', -1D),
(6, NULL, 7, 0, 2, 5L, 0.1D, CAST(1.50 AS DECIMAL(10,2)), 'abc', 'a', DATE'2024-01-31', TIMESTAMP'2024-01-31 08:05:09', TIMESTAMP_NTZ'2024-11-03 01:30:00', true, array(-1,0,7), array('b','a','b'), map('a',10), named_struct('a',1,'b','x'), CAST('abc' AS BINARY), '0', '2024-12-25', 1Y, 300S, 1.5F, '"text"', 0D)
AS t(id, g, ci, cn, cp, cl, cd, cm, cs, cw, cday, cts, cntz, cb, ca, csa, cmap, cst, cbin, cq, ck, cy, ch, cf, cj, cu)"""
