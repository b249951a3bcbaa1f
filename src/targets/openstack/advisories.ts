import type { KeystoneRelease } from "./release.ts";

/** What is known against a release of Keystone, as far as it can be told apart from outside. */
interface Advisory {
  readonly id: string;
  readonly message: string;
  readonly remedy: string;
}

/** Fixed releases and what fixes them; the point release is not visible from outside, so each is told to be looked up. */
const since: Readonly<Record<KeystoneRelease, readonly Advisory[]>> = {
  "before 2024.2": [
    {
      id: "scs-0302",
      message: "no policy of its own for domain managers",
      remedy: "upgrade to 2024.2 or later; domain managers need policy files before",
    },
    {
      id: "mapping schema 2.0",
      message: "before 2024.1 it is not known, and an apply ends at the first mapping",
      remedy: "upgrade to 2024.2 or later",
    },
  ],
  "2024.2 to 2025.2": [
    {
      id: "stale memberships",
      message: "before 28.0.2 a membership that a login lacks ends only with authorization_ttl",
      remedy: "keep authorizationTtl short, and take rights back by an apply or people revoke",
    },
  ],
  "2026.1 or later": [],
};

const all: readonly Advisory[] = [
  {
    id: "CVE-2026-44394",
    message: "before 29.0.2 rescoping gives a token a new life, for ever",
    remedy: "install Keystone 29.0.2 or later, or the fix for your release",
  },
  {
    id: "CVE-2026-43001",
    message: "an application credential may make an EC2 credential for a foreign project",
    remedy: "install the fix for your release (the version does not show it)",
  },
  {
    id: "CVE-2026-42999",
    message: "what stands in a request's body may pass a policy by",
    remedy: "install the fix for your release (the version does not show it)",
  },
  {
    id: "names",
    message: "before 27.0.2, 28.0.2 and 29.0.1 a person's name with letters beyond ASCII arrives broken",
    remedy: "install one of these; who the person is does not depend on the name",
  },
  {
    id: "OSSN-0009",
    message: "deleting a group ends the tokens of all its members",
    remedy: "nothing to install: cloudpass never deletes a group",
  },
];

/** What to look up for a release. */
export const advisoriesFor = (release: KeystoneRelease): readonly Advisory[] => [...since[release], ...all];
