/** A part of the sources whose tests are themselves tested, and which tests those are. */
export interface MutatedRoom {
  readonly mutate: readonly string[];
  /** The room's own tests and the attacks on it: what must notice a change. */
  readonly tests: readonly string[];
}

const hostile = (numbers: string) => `test/hostile/s{${numbers}}-*.test.ts`;

/** What `npm run mutate` changes, room by room. What decides about rights and logins, and nothing else: a run takes long. */
export const mutatedRooms: Readonly<Record<string, MutatedRoom>> = {
  policy: {
    mutate: ["src/policy/**/*.ts"],
    tests: [
      "test/unit/policy/**/*.test.ts",
      "test/unit/{deploy/rendered,issuer/people-ledger,issuer/rights,targets/render}.test.ts",
      hostile("42,43,44,45,49,50,77,83"),
      "test/hostile/{s55-patterns,s78-a-policy-that-never-loads}.test.ts",
    ],
  },
  device: {
    mutate: ["src/issuer/device/**/*.ts"],
    tests: [
      "test/unit/issuer/{decided-once,device-*,origin,repeated-forms,user-code}.test.ts",
      "test/protocol/{audit/device-login,pages/typed-and-pasted,rfc8628/*,rfc9449/10-bound-codes}.test.ts",
      hostile("01,03,04,07,09,10,68,74"),
    ],
  },
  grants: {
    mutate: ["src/issuer/{grants,logins}/**/*.ts"],
    tests: [
      "test/unit/issuer/*.test.ts",
      "test/protocol/{rfc6749,rfc7636,rfc8628,rfc8693,rfc8707,rfc9449}/*.test.ts",
      "test/protocol/{openid-core/2-id-token,openid-logout/*}.test.ts",
      "test/unit/revocation/*.test.ts",
      hostile("02,03,04,09,12,24,25,26,27,28,29,30,31,73,76,84,85"),
    ],
  },
  http: {
    mutate: ["src/http/**/*.ts", "!src/http/words/**"],
    tests: [
      "test/unit/http/*.test.ts",
      "test/protocol/pages/{languages,several-providers,sign-in-unlucky,typed-and-pasted}.test.ts",
      "test/protocol/rfc9325/*.test.ts",
      hostile("20,21,52,53,55,58,59,60,71,72,79"),
    ],
  },
  reconcile: {
    mutate: ["src/reconcile/**/*.ts"],
    tests: [
      "test/unit/reconcile/*.test.ts",
      "test/unit/{realms,targets}/release-0.1.0/*.test.ts",
      "test/unit/{realms/drift,targets/releases,jobs/targets}.test.ts",
      hostile("51,61,62,81"),
    ],
  },
};
