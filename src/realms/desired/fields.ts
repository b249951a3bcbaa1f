import { atMost, type Secret } from "../../core/index.ts";
import { isMap, type Plain, type PlainMap, type Resource, type SecretField } from "../../reconcile/index.ts";
import { fingerprintOf } from "../markers.ts";

/** `over` on top of `under`: maps are merged, everything else is replaced. */
export function merge<T extends PlainMap>(under: T, over: PlainMap | undefined): T {
  const merged: Record<string, Plain> = { ...under };
  for (const [name, value] of Object.entries(over ?? {})) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isMap(value) && isMap(below) ? merge(below, value) : value;
  }
  // `over` may hold any field of the same representation.
  return merged as unknown as T;
}

/** A map without what is not said. */
export const defined = <T extends PlainMap = PlainMap>(map: { readonly [F in keyof T]: T[F] | undefined }): T =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as T;

/** Attributes as lists of texts. */
export const listed = (attributes: Readonly<Record<string, string | readonly string[] | null>> = {}): PlainMap =>
  Object.fromEntries(Object.entries(attributes).map(([name, v]) => [name, v === null ? null : [v].flat()]));

/** Attributes as single texts; a list is written as Keycloak writes it, with `##` between. */
export const single = (attributes: Readonly<Record<string, string | readonly string[] | null>> = {}): PlainMap =>
  Object.fromEntries(Object.entries(attributes).map(([name, v]) => [name, v === null ? null : [v].flat().join("##")]));

/** A secret that has no fingerprint yet. */
interface PlacedSecret extends SecretField {
  /** Salt of the fingerprint, so that no two places with one secret look alike. */
  readonly place: string;
}

/** A secret at its place; `withFingerprints` adds the fingerprint. */
export const secretField = (value: Secret, place: string): PlacedSecret => ({ value, place });

const isPlaced = (secret: SecretField): secret is PlacedSecret => "place" in secret;

/** Two leave half of Node's four threads to names and files. */
const atOnce = 2;

/** The resources, their secrets with the fingerprints by which a later plan tells that they changed. */
export function withFingerprints(resources: readonly Resource[]): Promise<Resource[]> {
  const turn = atMost(atOnce);
  const marked = async (secret: SecretField): Promise<SecretField> => {
    if (!isPlaced(secret)) return secret;
    const { place, ...rest } = secret;
    return { ...rest, fingerprint: await turn(() => fingerprintOf(rest.value, place)) };
  };
  const whole = async (resource: Resource): Promise<Resource> => {
    const secrets = Object.entries(resource.secrets ?? {}).map(async ([name, s]) => [name, await marked(s)] as const);
    return secrets.length === 0 ? resource : { ...resource, secrets: Object.fromEntries(await Promise.all(secrets)) };
  };
  return Promise.all(resources.map(whole));
}
