import { TGetInfoResp, TGetInfoType, TGetInfoValue } from '@databricks/sql/thrift/TCLIService_types';
import { failure, success } from './status';

const TEXT: Readonly<Record<number, string>> = {
  [TGetInfoType.CLI_SERVER_NAME]: 'Spark SQL',
  [TGetInfoType.CLI_DBMS_NAME]: 'Spark SQL',
  [TGetInfoType.CLI_DBMS_VER]: '3.1.1',
  [TGetInfoType.CLI_IDENTIFIER_QUOTE_CHAR]: '`',
  [TGetInfoType.CLI_SEARCH_PATTERN_ESCAPE]: '\\',
  [TGetInfoType.CLI_DATA_SOURCE_READ_ONLY]: 'N',
  [TGetInfoType.CLI_CATALOG_NAME]: 'Y',
};

const LENGTH: Readonly<Record<number, number>> = {
  [TGetInfoType.CLI_MAX_COLUMN_NAME_LEN]: 128,
  [TGetInfoType.CLI_MAX_SCHEMA_NAME_LEN]: 128,
  [TGetInfoType.CLI_MAX_TABLE_NAME_LEN]: 128,
  [TGetInfoType.CLI_MAX_CATALOG_NAME_LEN]: 128,
  [TGetInfoType.CLI_MAX_IDENTIFIER_LEN]: 128,
};

/** Facts about the server; an error for what it does not tell. */
export function serverInfo(infoType: number): TGetInfoResp {
  const text = TEXT[infoType];
  if (text !== undefined) {
    return new TGetInfoResp({ status: success(), infoValue: new TGetInfoValue({ stringValue: text }) });
  }
  const length = LENGTH[infoType];
  if (length !== undefined) {
    return new TGetInfoResp({ status: success(), infoValue: new TGetInfoValue({ smallIntValue: length }) });
  }
  return new TGetInfoResp({
    status: failure(`Unrecognized GetInfoType value: ${TGetInfoType[infoType] ?? infoType}`, 'HY000'),
    infoValue: new TGetInfoValue({ stringValue: '' }),
  });
}
