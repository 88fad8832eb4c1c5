/** One request of telemetry as it would be made. */
export interface TelemetryPreview {
  readonly method: 'POST';
  readonly url: string;
  /** Names in lower case. In place of the credentials stands `<credentials>`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact body. */
  readonly body: string;
}

/** Gets what would be sent. What it throws is swallowed. */
export type OnPreview = (preview: TelemetryPreview) => void;
