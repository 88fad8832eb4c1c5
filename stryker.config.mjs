/** Mutation tests of the parts whose mistakes no other test would show: `npm run mutation`. */
export default {
  mutate: [
    'lib/telemetry/CircuitBreaker.ts',
    'lib/telemetry/ExceptionClassifier.ts',
    'lib/telemetry/FeatureFlagCache.ts',
    'lib/telemetry/hosts/HostFlag.ts',
    'lib/telemetry/MetricsAggregator.ts',
    'lib/telemetry/pipeline/StatementsById.ts',
  ],
  testRunner: 'mocha',
  mochaOptions: {
    config: '.mocharc.cjs',
    spec: [
      'tests/unit/telemetry/{CircuitBreaker,ExceptionClassifier,FeatureFlagCache,MetricsAggregator}*.test.ts',
      'tests/unit/telemetry/hosts/*.test.ts',
    ],
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text'],
  clearTextReporter: { reportTests: false, reportMutants: true },
  ignorePatterns: ['coverage', 'dist', 'benchmarks', 'packages/*/dist', 'examples/dist', 'reports'],
  tempDirName: '.stryker-tmp',
  thresholds: { high: 95, low: 90, break: 85 },
};
