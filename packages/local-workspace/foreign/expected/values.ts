import type { Expected } from '.';

const DONE = ['ended', 'soon'];

/** Of the scenarios that every driver goes through. */
export const VALUES: Expected = {
  'token/user': ['foreign@example.com'],
  'oauth/user': ['foreign@example.com'],

  'types/boolean': ['true', 'false', null],
  'types/tinyint': ['-128', '0', '127', null],
  'types/smallint': ['-32768', '0', '32767', null],
  'types/int': ['-2147483648', '0', '2147483647', null],
  'types/bigint': ['-9223372036854775808', '0', '9223372036854775807', '9007199254740993', null],
  'types/float': ['1.5', '-0.1', '3.4028235E38', 'NaN', '-Infinity', null],
  'types/double': ['1.1', '-2.5E-300', '1.7976931348623157E308', 'NaN', 'Infinity', null],
  'types/decimal(10,2)': ['123.45', '-0.01', '0.00', '99999999.99', null],
  'types/decimal(38,18)': ['12345678901234567890.123456789012345678', '0.000000000000000001', null],
  'types/decimal(38,0)': ['99999999999999999999999999999999999999', '-1', null],
  'types/string': ['plain', '', 'ünï ☃ 💡', 'it\'s "quoted"', 'two\nlines', null],
  'types/binary': ['00ff10', '', 'f09f92a1', null],
  'types/date': ['2024-02-29', '1970-01-01', '1600-01-01', '9999-12-31', null],
  'types/timestamp': ['2024-02-29 12:34:56.789012', '1969-12-31 23:59:59.5', '2024-07-01 00:00:00', null],
  'types/timestamp_ntz': ['2024-02-29 12:34:56.789012', '1969-12-31 23:59:59.5', null],
  'types/interval year to month': ['1-2', null],
  'types/interval day to second': ['3 04:05:06.789', null],
  'types/array<int>': ['[1,null,3]', '[]', null],
  'types/array<string>': ['["a\\"b",null,""]', null],
  'types/map<string,int>': ['{"a":1,"b":null}', null],
  'types/struct': ['{"a":1,"b":"x"}', '{"a":null,"b":null}', null],
  'types/array<struct>': ['[{"a":1,"b":"x"}]', null],

  'parameters/? int': ['42'],
  'parameters/? bigint': ['9007199254740993'],
  'parameters/? double': ['1.25'],
  'parameters/? boolean': ['true'],
  'parameters/? string': ['it\'s "quoted" ☃'],
  'parameters/? decimal': ['123.45'],
  'parameters/? date': ['2024-02-29'],
  'parameters/? timestamp': ['2024-02-29 12:34:56.789'],
  'parameters/? null': [null],
  'parameters/? twice': ['11', '12', '13'],
  'parameters/:named': ['second-first'],

  // Rows, sum of ids, characters, half of the sum, every third of them NULL.
  'large/sums': ['200000', '19999900000', '1088890', '9999950000', '66667'],
  'large/last row': ['199999', '199999'],

  'metadata/catalogs': ['hive_metastore', 'main', 'samples', 'system'],
  'metadata/schemas': ['default', 'foreign_other'],
  'metadata/tables': ['foreign_types'],
  'metadata/columns': [
    'id BIGINT',
    'name STRING',
    'price DECIMAL(10,2)',
    'day DATE',
    'at TIMESTAMP',
    'tags ARRAY<STRING>',
  ],

  'errors/syntax': ['42601'],
  'errors/no such table': ['42P01'],
  'errors/no such column': ['42703'],
  'errors/division by zero': ['22012'],
  'errors/bad cast': ['22018'],
  'errors/raised': ['P0001'],
  'errors/afterwards': ['1'],

  'cancel/statement': DONE,
  'cancel/afterwards': ['1'],
  'timeout/statement': DONE,
  'timeout/afterwards': ['1'],
  'volumes/round trip': ['same'],
  'volumes/removed': ['gone'],
  'configuration/setting': ['Asia/Tokyo'],
  'configuration/namespace': ['main', 'foreign_other'],
  'configuration/use': ['default'],
  'sessions/own views': ['0', '1', '2', '3'],
};
