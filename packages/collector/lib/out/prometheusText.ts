/** OpenMetrics in the older text format of Prometheus: without exemplars, and counters by the name of their samples. */
export function prometheusText(openMetrics: string): string {
  const counters = new Set([...openMetrics.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name));
  return openMetrics
    .replace(/^# EOF\n/m, '')
    .replaceAll(/^(# (?:HELP|TYPE) )(\S+)/gm, (_, start: string, name: string) =>
      counters.has(name) ? `${start}${name}_total` : start + name,
    )
    .replaceAll(/^([^#\n].*?) # \{.*$/gm, '$1');
}

/** Whether `accept` asks for it: who names it alone may not know the newer format. */
export function wantsPrometheusText(accept = ''): boolean {
  return accept.includes('text/plain') && !accept.includes('application/openmetrics-text');
}
