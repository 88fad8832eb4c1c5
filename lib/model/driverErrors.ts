import AuthenticationError from '@databricks/sql/dist/errors/AuthenticationError';
import HiveDriverError from '@databricks/sql/dist/errors/HiveDriverError';
import OperationStateError from '@databricks/sql/dist/errors/OperationStateError';
import ParameterError from '@databricks/sql/dist/errors/ParameterError';
import RetryError from '@databricks/sql/dist/errors/RetryError';
import StagingError from '@databricks/sql/dist/errors/StagingError';
import StatusError from '@databricks/sql/dist/errors/StatusError';

/** The driver's classes of errors by identity: in a bundle they may be called anything. */
const CLASSES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [AuthenticationError, 'AuthenticationError'],
  [HiveDriverError, 'HiveDriverError'],
  [OperationStateError, 'OperationStateError'],
  [ParameterError, 'ParameterError'],
  [RetryError, 'RetryError'],
  [StagingError, 'StagingError'],
  [StatusError, 'StatusError'],
]);

/** Name of the driver's class of which `thrown` is an instance, not of a subclass; undefined for anything else. */
export function driverErrorName(thrown: object): string | undefined {
  return CLASSES.get(thrown.constructor);
}
