import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Greed } from './.stubs/greedyProcess';

/** Statements that make gigabytes of lists and texts, which the database does not count. */
const ATTACKS: readonly string[] = [
  'SELECT sum(size(sequence(1, 5000000 + CAST(id % 7 AS INT)))) FROM range(4096)',
  'SELECT size(flatten(transform(sequence(1, 100000), x -> sequence(1, 100000)))) AS n',
  'SELECT size(transform(sequence(1, 3000000), x -> transform(sequence(1, 3000), y -> x + y))) AS n',
  'SELECT size(array_repeat(sequence(1, 100000), 100000)) AS n',
  'SELECT size(flatten(array_repeat(array_repeat(array_repeat(1, 1000), 1000), 1000))) AS n',
  "SELECT sum(length(repeat('x', 2000000000))) FROM range(10)",
  "SELECT max(length(repeat('x', 4000000 + CAST(id % 7 AS INT)))) FROM range(100000)",
  "SELECT max(length(s)), count(*) FROM (SELECT repeat('x', 8000) || id AS s FROM range(10000000)) GROUP BY s",
  "SELECT max(length(lpad(CAST(id AS STRING), 4000000, 'x'))) FROM range(10000)",
  'SELECT max(length(space(1000000000))) FROM range(10)',
  "SELECT max(length(format_string('%4000000d', id))) FROM range(10000)",
  "SELECT max(size(split(repeat('x,', 1000000 + CAST(id % 3 AS INT)), ','))) FROM range(10000)",
  "SELECT length(replace(repeat('x', 1000000), 'x', repeat('y', 1000000))) AS n",
  "SELECT length(aggregate(sequence(1, 60), 'x', (a, x) -> a || a)) AS n",
  'SELECT size(aggregate(sequence(1, 60), array(1), (a, x) -> a || a)) AS n',
  'SELECT size(collect_list(id)) AS n FROM range(1000000000)',
  "SELECT length(string_agg(CAST(id AS STRING), ',')) AS n FROM range(1000000000)",
  "SELECT size(collect_list(repeat('x', 1000))) AS n FROM range(10000000)",
  `SELECT length(concat(${Array.from({ length: 400 }, () => 's').join(', ')})) AS n FROM (SELECT repeat('x', 8000) || id AS s FROM range(4096))`,
  `SELECT size(array(${Array.from({ length: 400 }, () => 'l').join(', ')})) AS n FROM (SELECT sequence(1, 1000 + id) AS l FROM range(4096))`,
  "SELECT repeat('x', 8000) AS s, id FROM range(400000)",
  'SELECT size(map_from_arrays(sequence(1, 1000000), sequence(1, 1000000))) AS n',
  "SELECT size(transform(sequence(1, 1000000), x -> repeat('x', 1000))) AS n",
];

function greed(attacks: readonly string[]): Promise<Greed> {
  const child = fork(join(__dirname, '.stubs', 'greedyProcess.ts'), {
    execArgv: ['-r', './tools/typescript.cjs'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}.`)));
    child.send(attacks);
  }).finally(() => child.kill()) as Promise<Greed>;
}

describe('memory of a tenant', function () {
  this.timeout(300_000);

  it('ends statements that make gigabytes of lists and texts, while another tenant is answered', async () => {
    const { states, slowestMs, answered, grownBytes } = await greed(ATTACKS);
    const survived = ATTACKS.filter((_sql, i) => !['53200', '54000'].includes(states[i] ?? ''));
    expect(survived.map((sql) => `${states[ATTACKS.indexOf(sql)]}: ${sql.slice(0, 100)}`)).to.deep.equal([]);
    // Twice the limit on a quiet machine, where the process is looked at in time.
    expect(grownBytes / 1024 / 1024, 'MiB grown by').to.be.below(4 * 256);
    expect(answered).to.be.greaterThan(5);
    expect(slowestMs, 'slowest SELECT 1, ms').to.be.below(30_000);
  });
});
