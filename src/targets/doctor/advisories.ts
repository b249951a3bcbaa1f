/** What is known against a release of Keystone, as far as it can be told apart from outside. */
export interface Advisory {
  readonly id: string;
  readonly says: string;
  readonly remedy: string;
}

/** The oldest release that what a cloud does allows: each has something that the ones before lack. */
export type KeystoneRelease = "before 2024.2" | "2024.2 to 2025.2" | "2026.1 or later";

/** Fixed releases and what fixes them; the point release is not visible from outside, so each is told to be looked up. */
const since: Readonly<Record<KeystoneRelease, readonly Advisory[]>> = {
  "before 2024.2": [
    {
      id: "scs-0302",
      says: "no policy of its own for domain managers",
      remedy: "upgrade to 2024.2 or later; domain managers need policy files before",
    },
  ],
  "2024.2 to 2025.2": [
    {
      id: "stale memberships",
      says: "before 28.0.2 a membership that a login lacks ends only with authorization_ttl",
      remedy: "keep authorizationTtl short, and take rights back by an apply or people revoke",
    },
  ],
  "2026.1 or later": [],
};

const all: readonly Advisory[] = [
  {
    id: "CVE-2026-44394",
    says: "before 29.0.2 rescoping gives a token a new life, for ever",
    remedy: "install Keystone 29.0.2 or later, or the fix for your release",
  },
  {
    id: "CVE-2026-43001",
    says: "an application credential may make an EC2 credential for a foreign project",
    remedy: "install the fix for your release (the version does not show it)",
  },
  {
    id: "OSSN-0009",
    says: "deleting a group ends the tokens of all its members",
    remedy: "nothing to install: cloudpass never deletes a group",
  },
];

/** What to look up for a release. */
export const advisoriesFor = (release: KeystoneRelease): readonly Advisory[] => [...since[release], ...all];
