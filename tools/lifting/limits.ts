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
  types: { most: 15 },
  FeatureFlagCache: { most: 14, goal: 10 },
  TelemetryEventEmitter: { most: 16 },
  MetricsAggregator: { most: 37, goal: 12 },
  DatabricksTelemetryExporter: { most: 59, goal: 25 },
  TelemetryClient: { most: 95 },
  TelemetryClientProvider: { most: 96 },
};
