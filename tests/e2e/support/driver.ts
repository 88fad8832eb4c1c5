import { driverVersion } from '../../../lib/observe/connection/driverPackage';

const [major = 0, minor = 0] = driverVersion.split('.').map(Number);

/** Tags of statements came with 1.14. */
export const hasQueryTags = major > 1 || minor >= 14;

/** Client certificates, certificate checks and headers of one's own came with 2.1. */
export const isModernDriver = major > 2 || (major === 2 && minor >= 1);
