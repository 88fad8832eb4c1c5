import { driverVersion } from '../../../lib/observe/driverPackage';

/** Client certificates, certificate checks and headers of one's own came with 2.0. */
export const isModernDriver = Number(driverVersion.split('.')[0]) >= 2;
