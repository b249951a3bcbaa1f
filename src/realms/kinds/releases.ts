import type { PlainMap } from "../../reconcile/index.ts";
import { inner } from "./kind.ts";
import { newAction, newRealm } from "./new-realm.ts";

/** What a new realm of a release has otherwise than the tables say, which are those of the present one. */
interface Release {
  /** How its versions begin. */
  readonly begins: string;
  readonly settings?: PlainMap;
  /** Settings that it does not know, or does not answer where they are as in a new realm. */
  readonly silent?: readonly string[];
  /** Priorities of required actions. */
  readonly priorities?: Readonly<Record<string, number>>;
}

const releases: readonly Release[] = [
  { begins: "26.7." },
  {
    begins: "26.0.",
    settings: {
      webAuthnPolicyPasswordlessUserVerificationRequirement: "not specified",
      browserSecurityHeaders: { ...inner(newRealm, "browserSecurityHeaders"), xXSSProtection: "1; mode=block" },
    },
    silent: [
      ...["webAuthnPolicyResidentKey", "webAuthnPolicyPasswordlessResidentKey", "maxSecondaryAuthFailures"],
      ...["verifiableCredentialsEnabled", "adminPermissionsEnabled", "eventsExpiration"],
    ],
    priorities: {
      ...{ CONFIGURE_TOTP: 10, UPDATE_PASSWORD: 30, VERIFY_PROFILE: 90, delete_credential: 100 },
      ...{ "webauthn-register": 70, "webauthn-register-passwordless": 80 },
    },
  },
];

const releaseOf = (version: string): Release | undefined => releases.find(({ begins }) => version.startsWith(begins));

/** True where it is known what a new realm has; no version at all counts as the present one. */
export const isKnownRelease = (version: string): boolean => version === "" || releaseOf(version) !== undefined;

/** The settings of a new realm by Keycloak's version, without those that the realm `there` does not answer. */
export function newRealmOf(version: string, there: PlainMap): PlainMap {
  const { settings = {}, silent = [] } = releaseOf(version) ?? {};
  const answered = ([name]: readonly [string, unknown]) => !silent.includes(name) || Object.hasOwn(there, name);
  return Object.fromEntries(Object.entries({ ...newRealm, ...settings }).filter(answered));
}

/** A required action as `newAction` has it, by Keycloak's version. */
export function newActionOf(version: string, alias: string): PlainMap {
  const priority = releaseOf(version)?.priorities?.[alias];
  return { ...newAction(alias), ...(priority !== undefined && { priority }) };
}
