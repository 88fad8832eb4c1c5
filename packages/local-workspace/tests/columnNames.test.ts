import { expect } from 'chai';
import { harness, type Harness } from './drivers';

/** Select lists and the names that Spark 4.3 gives their columns. */
const NAMES: readonly (readonly [list: string, names: readonly string[]])[] = [
  ["1, 'a', 1.5, true, NULL, -3", ['1', 'a', '1.5', 'true', 'NULL', '-3']],
  ['1e3, 2L, 0.1F', ['1000.0', '2', '0.1']],
  [
    "DATE '2024-01-01', TIMESTAMP '2024-01-01', X'1f'",
    ["DATE '2024-01-01'", "TIMESTAMP '2024-01-01 00:00:00'", "X'1F'"],
  ],
  ["INTERVAL 1 DAY, INTERVAL '1-2' YEAR TO MONTH", ["INTERVAL '1' DAY", "INTERVAL '1-2' YEAR TO MONTH"]],
  [
    "INTERVAL '1 02:03:04.5' DAY TO SECOND, INTERVAL 2 HOURS",
    ["INTERVAL '1 02:03:04.5' DAY TO SECOND", "INTERVAL '02' HOUR"],
  ],
  ['7 / 2, 7 % 2, 7 DIV 2, 2 * (3 + 4)', ['(7 / 2)', '(7 % 2)', '(7 div 2)', '(2 * (3 + 4))']],
  ['n = 1, n <> 2, n <=> NULL', ['(n = 1)', '(NOT (n = 2))', '(n <=> NULL)']],
  ["n > 1 AND s = 'x' OR b", ['(((n > 1) AND (s = x)) OR b)']],
  ['NOT b, -n, ~n, n & 1', ['(NOT b)', '(- n)', '~n', '(n & 1)']],
  ['+5, +n, -+5, 1 + +5', ['(+ 5)', '(+ n)', '(- (+ 5))', '(1 + (+ 5))']],
  ['d + +INTERVAL 1 DAY', ["date_add(d, extractansiintervaldays((+ INTERVAL '1' DAY)))"]],
  ['n + 1 AS x, x, x + 1', ['x', 'x', '(lateralAliasReference(x) + 1)']],
  ['n IS NULL, n IS NOT NULL, b IS TRUE', ['(n IS NULL)', '(n IS NOT NULL)', '(b <=> true)']],
  ["n IN (1, 2), s NOT IN ('a')", ['(n IN (1, 2))', '(NOT (s IN (a)))']],
  ['n BETWEEN 1 AND 3, n NOT BETWEEN 1 AND 3', ['between(n, 1, 3)', '(NOT between(n, 1, 3))']],
  ["s LIKE 'a%', s NOT LIKE 'a%'", ['s LIKE a%', '(NOT s LIKE a%)']],
  ["s RLIKE 'a', s ILIKE 'A', s LIKE ANY ('a')", ['RLIKE(s, a)', 'ilike(s, A)', 'likeany(s)']],
  ["CASE WHEN n > 1 THEN 'a' ELSE s END", ['CASE WHEN (n > 1) THEN a ELSE s END']],
  ['CASE n WHEN 1 THEN 2 END', ['CASE WHEN (n = 1) THEN 2 END']],
  ['t.n, t.n + 1, upper(t.s)', ['n', '(n + 1)', 'upper(s)']],
  ['CAST(n AS STRING), n::STRING, string(n)', ['n', 'n', 'n']],
  ['CAST(n + 1 AS DECIMAL(5, 2)), TRY_CAST(1 AS INT)', ['CAST((n + 1) AS DECIMAL(5,2))', 'TRY_CAST(1 AS INT)']],
  ['(n), ((n + 1)), CAST(array(1) AS ARRAY<STRING>)', ['n', '(n + 1)', 'array(1)']],
  ["s || 'x', concat_ws(',', s, 'y')", ['concat(s, x)', 'concat_ws(,, s, y)']],
  ['count(*), count(1), count(DISTINCT n, s)', ['count(1)', 'count(1)', 'count(DISTINCT n, s)']],
  ['sum(n) FILTER (WHERE n > 1), first(n, true)', ['sum(n) FILTER (WHERE (n > 1))', 'first(n)']],
  ['max(n) - min(n), array_agg(n)', ['(max(n) - min(n))', 'collect_list(n)']],
  ['percentile_cont(0.5) WITHIN GROUP (ORDER BY n)', ['percentile_cont(0.5) WITHIN GROUP (ORDER BY n)']],
  ['round(n), substr(s, 2), split(s, s)', ['round(n, 0)', 'substr(s, 2, 2147483647)', 'split(s, s, -1)']],
  ['sqrt(n), floor(n), log(n), if(b, 1, 2)', ['SQRT(n)', 'FLOOR(n)', 'LOG(E(), n)', '(IF(b, 1, 2))']],
  ["trim(BOTH 'x' FROM s), ltrim(s), rtrim('x', s)", ['TRIM(BOTH x FROM s)', 'ltrim(s)', 'TRIM(TRAILING x FROM s)']],
  ['d + 1, d - 1, d - d', ['date_add(d, 1)', 'date_sub(d, 1)', '(d - d)']],
  [
    'd + INTERVAL 1 MONTH, d - INTERVAL 1 DAY',
    ["d + INTERVAL '1' MONTH", "date_add(d, (- extractansiintervaldays(INTERVAL '1' DAY)))"],
  ],
  ['dateadd(DAY, 1, d), extract(YEAR FROM d)', ['timestampadd(DAY, 1, d)', 'extract(YEAR FROM d)']],
  ['current_date, current_timestamp()', ['current_date()', 'current_timestamp()']],
  ["array(1, 2)[0], map('a', 1)['a'], struct(1, 'b')", ['array(1, 2)[0]', 'map(a, 1)[a]', 'struct(1, b)']],
  ["(1, 'b'), st.x, st.x + 1", ['named_struct(col1, 1, col2, b)', 'x', '(st.x + 1)']],
  [
    'transform(array(n), x -> x + 1)',
    ['transform(array(n), lambdafunction((namedlambdavariable() + 1), namedlambdavariable()))'],
  ],
  [
    'sum(n) OVER (ORDER BY n)',
    ['sum(n) OVER (ORDER BY n ASC NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)'],
  ],
  [
    'sum(n) OVER (PARTITION BY s)',
    ['sum(n) OVER (PARTITION BY s ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)'],
  ],
  [
    'rank() OVER (ORDER BY n DESC)',
    ['RANK() OVER (ORDER BY n DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)'],
  ],
  [
    'lag(n) OVER (ORDER BY n)',
    ['lag(n, 1, NULL) OVER (ORDER BY n ASC NULLS FIRST ROWS BETWEEN -1 FOLLOWING AND -1 FOLLOWING)'],
  ],
  ['extract(dow FROM d), EXTRACT(Doy FROM d)', ['extract(dow FROM d)', 'extract(Doy FROM d)']],
  ["s NOT LIKE ANY ('a'), s NOT ILIKE ALL ('a')", ['notlikeany(s)', 'notlikeall(lower(s))']],
  ["NOT s LIKE ANY ('a'), NOT (s LIKE ALL ('a'))", ['(NOT likeany(s))', '(NOT likeall(s))']],
  ["s LIKE SOME ('a'), s ILIKE ANY ('A')", ['likeany(s)', 'likeany(lower(s))']],
  ['-1::STRING, -1L::STRING, -n::STRING', ['CAST(-1 AS STRING)', 'CAST(-1 AS STRING)', '(- CAST(n AS STRING))']],
  [
    "TIMESTAMP '2024-07-01 00:00:00+01:00', TIMESTAMP '2024-07-01 00:00:00 Europe/Berlin'",
    ["TIMESTAMP '2024-06-30 23:00:00'", "TIMESTAMP '2024-06-30 22:00:00'"],
  ],
  [
    "TIMESTAMP_LTZ '2024-1-1', TIMESTAMP_NTZ '10000-01-01 00:00:00.50'",
    ["TIMESTAMP '2024-01-01 00:00:00'", "TIMESTAMP_NTZ '+10000-01-01 00:00:00.5'"],
  ],
  [
    "DATE '10000-01-01', DATE '2024', DATE '-0044-03-15'",
    ["DATE '+10000-01-01'", "DATE '2024-01-01'", "DATE '-0044-03-15'"],
  ],
  [
    'array_sort(array(n))',
    [
      'array_sort(array(n), lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), 0, ' +
        '(IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, ' +
        '(IF((namedlambdavariable() < namedlambdavariable()), -1, (IF((namedlambdavariable() > namedlambdavariable()), 1, 0)))))))))), ' +
        'namedlambdavariable(), namedlambdavariable()))',
    ],
  ],
  [
    '(SELECT max(u.n) FROM t u WHERE u.s = t.s AND u.n > t.n), EXISTS (SELECT 1 FROM t u WHERE u.n = t.st.x)',
    ['scalarsubquery(s, n)', 'exists(st)'],
  ],
  ['(SELECT max(u.n) FROM t u JOIN t v ON u.n = v.n AND v.b = t.b WHERE u.s = t.s)', ['scalarsubquery(s, b)']],
  [
    'n IN (SELECT u.n FROM t u WHERE u.s = t.s), (n, 1) NOT IN (SELECT u.n, u.n FROM t u)',
    ['(n IN (listquery(s)))', "(NOT (named_struct('n', n, '1', 1) IN (listquery())))"],
  ],
  ['(SELECT 1), parse_json(s):a.b::int, (n, s) = (1, s) AS e', ['scalarsubquery()', 'b', 'e']],
];

describe('a column without an alias', () => {
  let it_: Harness;
  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE t (n INT, s STRING, b BOOLEAN, d DATE, st STRUCT<x: INT>)');
  });
  after(() => it_.close());

  const namesOf = async (sql: string): Promise<(string | undefined)[]> => {
    const operation = await it_.session.executeStatement(sql);
    const schema = await operation.getSchema();
    await operation.close();
    return (schema?.columns ?? []).map(({ columnName }) => columnName);
  };

  for (const [list, names] of NAMES) {
    it(`is called as in Spark: ${list}`, async () => {
      expect(await namesOf(`SELECT ${list} FROM t`)).to.deep.equal(names);
    });
  }

  it('is called as in Spark with a window that has a name', async () => {
    expect(await namesOf('SELECT count(*) OVER w FROM t WINDOW w AS (PARTITION BY n)')).to.deep.equal([
      'count(1) OVER (PARTITION BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
    ]);
  });

  it('is called as in Spark where PIVOT makes several of each value', async () => {
    const sql = "SELECT * FROM (SELECT n, s FROM t) PIVOT (sum(n + 1), max(n) FOR s IN ('a'))";
    expect(await namesOf(sql)).to.deep.equal(['a_sum((n + 1))', 'a_max(n)']);
  });
});
