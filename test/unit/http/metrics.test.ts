import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/core/index.ts";
import { formatMetrics, listen, metricsPage } from "../../../src/http/index.ts";

const steps = (value: number) => ({
  name: "cloudpass_target_drift_steps",
  help: "steps left",
  values: [{ labels: { target: 'g"x\\1' }, value }],
});

describe("metrics", () => {
  it("are said as Prometheus reads them, with labels quoted", () => {
    expect(formatMetrics([steps(3), { name: "up", help: "it runs", values: [{ labels: {}, value: 1 }] }])).toBe(
      [
        "# HELP cloudpass_target_drift_steps steps left",
        "# TYPE cloudpass_target_drift_steps gauge",
        'cloudpass_target_drift_steps{target="g\\"x\\\\1"} 3',
        "# HELP up it runs",
        "# TYPE up gauge",
        "up 1",
        "",
      ].join("\n"),
    );
  });

  it("are read anew at each request; nothing else is there", async () => {
    let value = 0;
    const listening = await listen(
      metricsPage(() => [steps(++value)]),
      { host: "127.0.0.1", port: 0 },
      systemClock,
    );
    const ask = async (path: string, method = "GET") => {
      const answer = await fetch(`http://127.0.0.1:${listening.port}${path}`, { method });
      return `${answer.status} ${(await answer.text()).split("\n")[2] ?? ""}`;
    };
    expect([await ask("/metrics"), await ask("/metrics")].map((line) => line.slice(-1))).toEqual(["1", "2"]);
    expect([await ask("/metrics", "POST"), await ask("/token"), await ask("/metrics/")]).toEqual([
      "404 ",
      "404 ",
      "404 ",
    ]);
    await listening.close(0);
  });
});
