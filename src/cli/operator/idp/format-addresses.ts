import type { RealmPlace } from "../../../operations/index.ts";

/** What the identity provider must be told of us, one line each. */
export function formatAddresses(
  place: RealmPlace,
  address: string | undefined,
  id: string,
  template: string,
): string[] {
  const path = `/realms/${place.realm}/broker/${id}/endpoint`;
  const what = template === "saml" ? "assertion consumer service" : "redirect URI";
  if (address === undefined) {
    return [
      `→ at the identity provider, name this ${what}: https://<your Keycloak>${path}`,
      "  (with --environment it stands here whole)",
    ];
  }
  return [
    `→ at the identity provider, name this ${what}: ${address}/broker/${id}/endpoint`,
    ...(template === "saml" ? [`→ and this entity id: ${address}`] : []),
  ];
}
