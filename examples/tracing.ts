/*
 * OpenTelemetry for the servers in this folder: spans of HTTP requests and of Databricks statements, sent to
 * OTEL_EXPORTER_OTLP_ENDPOINT (default: http://localhost:4318). Import it first: HTTP is instrumented as it is loaded.
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';

const { OTEL_SERVICE_NAME: serviceName = 'squares' } = process.env;

const tracerProvider = new NodeTracerProvider({
  resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
tracerProvider.register();

registerInstrumentations({
  tracerProvider,
  instrumentations: [
    new HttpInstrumentation(),
    new DatabricksSqlInstrumentation({ suppressInternalInstrumentation: true }),
  ],
});

/** Sends the spans that are waiting, and ends; says so where nobody takes them. Never rejects. */
export async function stopTracing(): Promise<void> {
  try {
    await tracerProvider.shutdown();
  } catch (failure) {
    console.error(`the last spans were not delivered: ${String(failure)}`);
  }
}
