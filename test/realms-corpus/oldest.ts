import type { Fields } from "./hand.ts";
import { type Known, known } from "./known.ts";
import type { Recipe } from "./recipe.ts";

// The corpus on the oldest Keycloak that realm files are tried on: `npm run realms-corpus -- --version oldest`.

/** Settings that it does not know. */
const settings = new Set([
  ...["maxSecondaryAuthFailures", "webAuthnPolicyResidentKey", "webAuthnPolicyPasswordlessResidentKey"],
  ...["adminPermissionsEnabled", "verifiableCredentialsEnabled"],
]);

const without = (map: Fields, isGone: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(map).filter(([name]) => !isGone(name)));

/** A group without its description, which it does not know, and so each group within it. */
const plainGroup = (group: Fields): Fields => ({
  ...without(group, (name) => name === "description"),
  ...(Array.isArray(group["subGroups"]) && { subGroups: (group["subGroups"] as Fields[]).map(plainGroup) }),
});

/** The realm as it can be made there: a generated one without what that release does not know. */
export function onOldest(recipe: Recipe): Recipe {
  if (recipe.with === undefined || !recipe.name.startsWith("seed ")) return recipe;
  const { groups, ...rest } = without(recipe.with, (name) => settings.has(name));
  return {
    ...recipe,
    with: { ...rest, ...(Array.isArray(groups) && { groups: (groups as Fields[]).map(plainGroup) }) },
  };
}

const impossible = (because: string): Known => ({
  because: `it cannot be made there: ${because}`,
  steps: ["create"],
});

/** As `known`, for that release. */
export const knownOnOldest: Readonly<Record<string, Known>> = {
  ...known,
  "verifiable credentials": impossible("the feature came later"),
  workflow: impossible("the feature came later"),
  "group with a description": impossible("groups have no description"),
  "profile with headings, hints and options": impossible("attributes of people have no default value"),
  "organization with groups in groups, and their roles": impossible("organizations have no groups"),
  "seed 2": impossible("client policies have no mode"),
  "seed 4": impossible("identity providers of plain OAuth 2.0 came later"),
};
