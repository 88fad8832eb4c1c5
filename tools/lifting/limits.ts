import type { ComponentName } from './closure';

interface Limit {
  /** Most files that the component and all it imports may be. */
  readonly most: number;
  /** What it should come to; undefined where there is no goal beside the limit. */
  readonly goal?: number;
}

export const LIMITS: Readonly<Record<ComponentName, Limit>> = {
  ExceptionClassifier: { most: 1, goal: 1 },
  CircuitBreaker: { most: 5, goal: 5 },
  CircuitBreakerRegistry: { most: 9 },
  types: { most: 14 },
  FeatureFlagCache: { most: 13, goal: 10 },
  TelemetryEventEmitter: { most: 15 },
  MetricsAggregator: { most: 36, goal: 12 },
  DatabricksTelemetryExporter: { most: 56, goal: 25 },
  TelemetryClient: { most: 91 },
  TelemetryClientProvider: { most: 92 },
};
