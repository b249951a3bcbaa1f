import type { RequestListener } from "node:http";

/** One family of numbers, as Prometheus reads them (text exposition format 0.0.4). */
export interface Metric {
  /** `cloudpass_…`, with the unit at its end. */
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Metrics in the text format. */
export const formatMetrics = (metrics: readonly Metric[]): string =>
  metrics
    .flatMap(({ name, help, values }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...values.map(({ labels, value }) => `${name}${formatLabels(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join("");

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const said = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return said.length === 0 ? "" : `{${said.join(",")}}`;
}

/**
 * Answers `GET /metrics` and nothing else. For a listener of its own, which the outside does not reach: numbers tell
 * whoever attacks how it goes.
 */
export const metricsPage =
  (read: () => readonly Metric[]): RequestListener =>
  (request, response) => {
    const found = request.method === "GET" && request.url === "/metrics";
    response.writeHead(found ? 200 : 404, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    response.end(found ? formatMetrics(read()) : "not found\n");
  };
