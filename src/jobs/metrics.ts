import type { Metric } from "../http/index.ts";
import type { WatchState } from "./watch.ts";

/** How the metrics of one kind of watched thing are told. */
interface Words {
  /** `target`, `realm` */
  readonly what: string;
  readonly labels: (name: string) => Readonly<Record<string, string>>;
  /** What drift is counted in, and what that means. */
  readonly drift: readonly [name: string, help: string];
}

/** Metrics of all clouds and clusters that are watched. */
export const targetMetrics = (states: readonly WatchState[]): Metric[] =>
  metricsOf(states, {
    what: "target",
    labels: (target) => ({ target }),
    drift: ["drift_steps", "steps between the target and the policy, at the last look"],
  });

/** Metrics of all realms that are watched; their names are `<Keycloak>/<realm>`. */
export const realmMetrics = (states: readonly WatchState[]): Metric[] =>
  metricsOf(states, {
    what: "realm",
    labels: (name) => {
      const [keycloak = ""] = name.split("/", 1);
      return { keycloak, realm: name.slice(keycloak.length + 1) };
    },
    drift: ["drift_objects", "objects of the realm that are not as its file says, at the last look"],
  });

function metricsOf(states: readonly WatchState[], { what, labels, drift: [drifted, means] }: Words): Metric[] {
  const metric = (name: string, help: string, read: (state: WatchState) => number | undefined): Metric => ({
    name: `cloudpass_${what}_${name}`,
    help,
    values: states.flatMap((state) => {
      const value = read(state);
      return value === undefined ? [] : [{ labels: labels(state.name), value }];
    }),
  });
  return [
    metric("watched", `1 where this instance looks after the ${what}`, ({ watched }) => Number(watched)),
    metric("reachable", `1 when the last look at the ${what} came to an end`, ({ reachable }) =>
      reachable === undefined ? undefined : Number(reachable),
    ),
    metric(drifted, means, ({ drift }) => drift),
    metric("read_timestamp_seconds", `when the ${what} was last read to the end`, ({ readAt }) => readAt),
  ];
}
