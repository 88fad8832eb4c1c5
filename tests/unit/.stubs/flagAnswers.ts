import type { Answer } from './TestServer';

export const FLAG_NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

/** The flag among others, with `value`; `rest` is beside the list. */
export const flag =
  (value: unknown, rest: object = {}): Answer =>
  (response) =>
    response.end(
      JSON.stringify({
        flags: [
          { name: 'other', value: 'true' },
          { name: FLAG_NAME, value },
        ],
        ...rest,
      }),
    );
