import {
  diff,
  isMap,
  type KindRule,
  type Observed,
  type Plain,
  type PlainMap,
  type Resource,
  type SecretField,
} from "../reconcile/index.ts";
import type { RealmSite, Remote } from "./kinds/kind.ts";
import { fingerprintIn, type RealmState, withFingerprints } from "./state.ts";

/** How Keycloak shows a secret. */
export const mask = "**********";

type Placed = readonly [name: string, secret: SecretField & { readonly at: readonly string[] }];

/** Secrets that belong among the fields. */
const placedIn = ({ secrets = {} }: Resource): Placed[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    secret.at === undefined ? [] : [[name, { ...secret, at: secret.at }]],
  );

const writtenOf = ({ value, json }: SecretField): Plain =>
  json ? (JSON.parse(value.reveal()) as Plain) : value.reveal();

function placed(map: PlainMap, [first = "", ...rest]: readonly string[], value: Plain): PlainMap {
  const below = map[first];
  return { ...map, [first]: rest.length === 0 ? value : placed(isMap(below) ? below : {}, rest, value) };
}

/** The resource as it is sent: such secrets in their fields, and there alone; the kind places the others. */
export function revealed(resource: Resource): Resource {
  const { secrets = {} } = resource;
  const others = Object.entries(secrets).filter(([, secret]) => secret.at === undefined);
  return {
    ...resource,
    fields: placedIn(resource).reduce((map, [, secret]) => placed(map, secret.at, writtenOf(secret)), resource.fields),
    secrets: Object.fromEntries(others),
  };
}

/**
 * What was read, with what can be told of the secrets among its fields: of one that Keycloak shows whether it is as
 * wanted, of one that it masks the fingerprint that we noted when we wrote it.
 */
export function withHeld(
  observed: Observed<Remote>,
  wanted: Resource | undefined,
  state: RealmState,
  rule: KindRule,
): Observed<Remote> {
  const secrets = wanted === undefined ? [] : placedIn(wanted);
  if (secrets.length === 0) return observed;
  const fingerprints: Record<string, string> = { ...observed.fingerprints };
  const holds: Record<string, boolean> = { ...observed.holds };
  for (const [name, secret] of secrets) {
    const noted = fingerprintIn(state, observed, name);
    if (isMasked(at(observed.fields, secret.at))) {
      if (noted !== undefined) fingerprints[name] = noted;
      continue;
    }
    const { kind, key } = observed;
    const alone = { kind, key, fields: placed({}, secret.at, writtenOf(secret)) };
    holds[name] = diff(alone, observed, rule).length === 0;
  }
  return { ...observed, fingerprints, holds };
}

const at = (value: Plain | undefined, path: readonly string[]): Plain | undefined =>
  path.reduce<Plain | undefined>((inside, name) => (isMap(inside) ? inside[name] : undefined), value);

const isMasked = (value: Plain | undefined): boolean =>
  value === mask || (typeof value === "object" && value !== null && Object.values(value).some(isMasked));

/** Notes the fingerprints of what was written. */
export async function recordHeld(site: RealmSite, resource: Resource): Promise<void> {
  const written = placedIn(resource).flatMap(([name, { fingerprint }]) =>
    fingerprint === undefined ? [] : [[name, fingerprint] as const],
  );
  if (written.length === 0) return;
  await site.stateStore.change((state) => withFingerprints(state, resource, Object.fromEntries(written)));
}
