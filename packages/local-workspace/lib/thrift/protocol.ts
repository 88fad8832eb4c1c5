import { TProtocolVersion, type TOpenSessionReq } from '@databricks/sql/thrift/TCLIService_types';
import type { ProtocolLevel } from '../options';

const FIRST = TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V1;

/** What a session may use at a protocol level. */
export interface ProtocolFeatures {
  version: TProtocolVersion;
  directResults: boolean;
  cloudFetch: boolean;
  catalogs: boolean;
  arrow: boolean;
  compression: boolean;
  parameters: boolean;
}

/** The lower of what the client asks for and what the workspace speaks. A Hive client gets 1. */
export function negotiate(request: TOpenSessionReq, highest: ProtocolLevel): ProtocolLevel {
  const asked = request.client_protocol_i64?.toNumber() ?? request.client_protocol ?? FIRST;
  return Math.max(1, Math.min(highest, asked - FIRST + 1)) as ProtocolLevel;
}

export function featuresOf(level: number): ProtocolFeatures {
  return {
    version: (FIRST + level - 1) as TProtocolVersion,
    directResults: level >= 1,
    cloudFetch: level >= 3,
    catalogs: level >= 4,
    arrow: level >= 5,
    compression: level >= 6,
    parameters: level >= 8,
  };
}
