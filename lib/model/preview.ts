/** One request of telemetry as it would be made. */
export interface TelemetryPreview {
  readonly method: 'POST';
  readonly url: string;
  /**
   * Names in lower case, as they would be sent: `content-encoding` says that the body would leave compressed. In place of
   * the credentials stands `<credentials>`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact body, before any compression. */
  readonly body: string;
}

/** Gets what would be sent. What it throws is swallowed. */
export type OnPreview = (preview: TelemetryPreview) => void;
