import { describe, expect, test } from "vitest";
import { type RealmFile, rereadRealmTables } from "../../../src/realms/index.ts";

const realm = (stage: string): string => `
kind: Realm
realm: scs
upstreams:
  - id: a-idp
    template: keycloak
    issuer: https://idp.example/realms/a
    client: {id: x, secret: {env: A_SECRET}}
    stage: ${stage}
`;

/** Files that a test changes, and how often they were read. */
function watched(text: string) {
  const now = { files: [{ file: "realms/a.yaml", text }] as RealmFile[], missing: false };
  const problem = { file: "realms", line: 1, column: 1, path: "", message: "cannot be read" };
  const watch = rereadRealmTables(
    () => (now.missing ? { ok: false, refusal: [problem] } : { ok: true, value: now.files }),
    () => undefined,
  );
  const change = (next: string) => {
    now.files = [{ file: "realms/a.yaml", text: next }];
  };
  const stage = () => {
    const read = watch();
    return read.ok ? read.value.stages?.[0]?.stage : read.refusal[0]?.message;
  };
  return { now, watch, change, stage };
}

describe("the realm files while the broker runs", () => {
  test("are parsed when they changed only: the same answer is the same object", () => {
    const { watch } = watched(realm("active"));
    const [first, second] = [watch(), watch()];
    expect(first.ok && second.ok && first.value === second.value).toBe(true);
  });

  test("count changed when they were read twice the same: half a file closes nobody", () => {
    const { change, stage } = watched(realm("active"));
    expect(stage()).toBe("active");
    change("kind: Realm\nrealm: scs\n");
    expect(stage()).toBe("active");
    change(realm("suspended"));
    expect(stage()).toBe("active");
    expect(stage()).toBe("suspended");
  });

  test("that cannot be used are told once; what they said before goes on", () => {
    const { change, stage, now } = watched(realm("active"));
    stage();
    change(realm("nonsense"));
    expect(stage()).toBe("active");
    expect(stage()).toContain('"nonsense" is not one of draft');
    expect(stage()).toBe("active");
    now.missing = true;
    expect([stage(), stage(), stage()]).toEqual(["active", "cannot be read", "active"]);
    now.missing = false;
    change(realm("suspended"));
    expect([stage(), stage()]).toEqual(["active", "suspended"]);
  });

  test("that are unusable from the start are a problem at once", () => {
    expect(watched("kind: Realm").watch().ok).toBe(false);
  });

  test("that are not there at all say nothing of anybody", () => {
    const none = rereadRealmTables(
      () => ({ ok: true, value: [] }),
      () => undefined,
    );
    expect(none()).toEqual({ ok: true, value: { rechecks: [] } });
  });
});
