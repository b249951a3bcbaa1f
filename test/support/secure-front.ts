import type { RequestListener } from "node:http";
import { makeSeal, ok, type Person, Secret, seconds, systemClock, systemRandom } from "../../src/core/index.ts";
import { createFront, createLog, createSessions, json, pageRoute, type Route } from "../../src/http/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";

/** Names of the broker's cookies where it is reached by https. */
export const cookieNames = ["__Host-cloudpass", "__Host-cloudpass-login", "__Host-cloudpass-authorize"] as const;

/** A front of an https issuer, with sessions, that tells what it takes from cookies. */
export interface SecureFront {
  /** `GET /who` (a page): who is signed in, and which cookies of ours were read. `GET /program` reads none. */
  readonly listener: RequestListener;
  /** The value of a session's cookie. */
  signIn(person: Person): Promise<string>;
  stop(): Promise<void>;
}

/** Makes one, with more routes if a test wants them; nothing listens yet. */
export function secureFront({
  issuer = "https://login.example",
  routes = [],
}: {
  readonly issuer?: string;
  readonly routes?: readonly Route[];
} = {}): SecureFront {
  const [clock, random] = [systemClock, systemRandom];
  const store = createMemoryStore({ clock, random });
  const seal = makeSeal(new Secret("m".repeat(48)), random);
  const times = { lifetime: seconds(600), idle: seconds(300), insecure: false };
  const sessions = createSessions({ store, seal, clock, random }, times);
  const who = pageRoute("GET", "/who", (request) =>
    ok(json({ who: request.session?.person.sub, read: cookieNames.map((name) => request.cookie(name)) })),
  );
  const listener = createFront({
    issuer,
    routes: [
      who,
      ...routes,
      { method: "GET", path: "/program", errorFormat: "oauth", handle: () => ok(json({})) },
      {
        method: "GET",
        path: "/open",
        errorFormat: "oauth",
        public: { maxAge: seconds(60) },
        handle: () => ok(json({})),
      },
    ],
    sessions,
    clock,
    log: createLog("silent", { write: () => undefined }),
    address: () => "198.51.100.1",
    insecure: false,
  });
  return {
    listener,
    signIn: async (person) => (await sessions.start(person, "grant")).cookie.value ?? "",
    stop: () => store.close(),
  };
}
