import module from 'node:module';

/** Node.js 22 and newer keep what they compile of the modules that follow, for the next start of the command. */
const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
enableCompileCache?.();
