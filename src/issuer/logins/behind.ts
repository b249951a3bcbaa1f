import type { StoredForm } from "../../store/index.ts";

/** Who stands behind a login: a person, by what the realm gave for the sign-in; or nobody, behind a robot. */
export type Behind = { readonly kind: "sign-in"; readonly realmGrant: string } | { readonly kind: "robot" };

/** Release 0.1.0 wrote the realm's grant, and an empty text for a robot. */
export const storedBehind: StoredForm<Behind> = {
  write: (behind) => (behind.kind === "robot" ? "" : behind.realmGrant),
  read: (stored) => {
    if (typeof stored !== "string") throw new Error("no text");
    return stored === "" ? { kind: "robot" } : { kind: "sign-in", realmGrant: stored };
  },
};
