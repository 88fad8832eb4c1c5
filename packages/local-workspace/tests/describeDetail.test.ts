import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

describe('DESCRIBE DETAIL', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows(
      "CREATE TABLE plain (a INT, d STRING) PARTITIONED BY (d) COMMENT 'of all' TBLPROPERTIES ('x' = 'y')",
    );
    await it_.rows(
      'CREATE TABLE rich (a INT DEFAULT 1, t TIMESTAMP_NTZ, g INT GENERATED ALWAYS AS (a + 1), CHECK (a > 0)) CLUSTER BY (a, t)',
    );
  });
  after(() => it_.close());

  const detail = async (name: string): Promise<Record<string, unknown>> => {
    const [row = {}] = await it_.rows(`DESCRIBE DETAIL ${name}`);
    return row;
  };

  it('has the columns of Databricks in their types', async () => {
    const answer = await new RestClient(it_.workspace).execute('DESC DETAIL main.default.plain');
    const columns = answer.manifest?.schema.columns.map((column) => [column['name'], column['type_text']]);
    expect(columns).to.deep.equal([
      ['format', 'STRING'],
      ['id', 'STRING'],
      ['name', 'STRING'],
      ['description', 'STRING'],
      ['location', 'STRING'],
      ['createdAt', 'TIMESTAMP'],
      ['lastModified', 'TIMESTAMP'],
      ['partitionColumns', 'ARRAY<STRING>'],
      ['clusteringColumns', 'ARRAY<STRING>'],
      ['numFiles', 'BIGINT'],
      ['sizeInBytes', 'BIGINT'],
      ['properties', 'MAP<STRING, STRING>'],
      ['minReaderVersion', 'INT'],
      ['minWriterVersion', 'INT'],
      ['tableFeatures', 'ARRAY<STRING>'],
      ['statistics', 'MAP<STRING, BIGINT>'],
      ['clusterByAuto', 'BOOLEAN'],
    ]);
  });

  it('tells what is known of a table', async () => {
    const before = await detail('plain');
    expect(before).to.deep.include({
      format: 'delta',
      name: 'main.default.plain',
      description: 'of all',
      location: '/local-workspace/main/default/plain',
      partitionColumns: ['d'],
      clusteringColumns: [],
      numFiles: 0,
      properties: { x: 'y' },
      minReaderVersion: 1,
      minWriterVersion: 2,
      tableFeatures: ['appendOnly', 'invariants'],
      clusterByAuto: false,
    });
    expect(before['id']).to.match(/^[0-9a-f-]{36}$/);
    expect(Number(before['lastModified'])).to.be.at.least(Number(before['createdAt']));
    await it_.rows("INSERT INTO plain VALUES (1, 'x')");
    const after = await detail('plain');
    expect(after).to.deep.include({ id: before['id'], createdAt: before['createdAt'], numFiles: 1 });
    expect(Number(after['lastModified'])).to.be.greaterThan(Number(before['lastModified']));
  });

  it('names the features of Delta that a table makes use of', async () => {
    expect(await detail('rich')).to.deep.include({
      description: null,
      clusteringColumns: ['a', 't'],
      minReaderVersion: 3,
      minWriterVersion: 7,
      tableFeatures: [
        'allowColumnDefaults',
        'appendOnly',
        'checkConstraints',
        'clustering',
        'domainMetadata',
        'generatedColumns',
        'invariants',
        'timestampNtz',
      ],
    });
  });

  it('is not to be had of views, nor of what is not there', async () => {
    await it_.rows('CREATE VIEW seen AS SELECT a FROM plain');
    expect(await it_.failure('DESCRIBE DETAIL seen')).to.deep.include({ sqlState: '42809' });
    expect((await it_.failure('DESCRIBE DETAIL nowhere')).sqlState).to.equal('42P01');
    expect((await it_.failure("DESCRIBE DETAIL '/x'")).message).to.include(
      'DESCRIBE DETAIL of a path is not supported',
    );
  });
});
