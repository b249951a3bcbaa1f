import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Fault, Secret, type TargetName } from "../../../src/core/index.ts";
import { createHttpClient } from "../../../src/http-client/client.ts";
import { makeKeystone } from "../../../src/targets/openstack/client.ts";
import { type Script, startRecorder, stillDeps } from "../targets/recorder.ts";

let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
afterEach(() => recorder?.stop());

async function asking(script: Script) {
  recorder = await startRecorder(script);
  const deps = stillDeps();
  const ask = createHttpClient("keystone gx1", {}, deps);
  const { url, heard } = recorder;
  return {
    heard,
    deps,
    go: (idempotent: boolean) => ask({ operation: "test", method: "POST", url: `${url}/x`, idempotent }),
  };
}

const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
  const thrown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error(`no fault but ${String(thrown)}`);
};

describe("asking a server", () => {
  it("S-63: tries again, with growing pauses, only what may be repeated", async () => {
    const { heard, deps, go } = await asking((_, n) =>
      n < 4 ? { status: 503 } : { status: 200, body: { fine: true } },
    );
    const before = deps.clock.millis();
    expect((await go(true)).status).toBe(200);
    expect([heard.length, deps.clock.millis() - before]).toEqual([4, 200 + 400 + 800]);
  });

  it("never repeats what may not be", async () => {
    const { heard, go } = await asking(() => ({ status: 503 }));
    expect((await faultOf(go(false))).message).toBe("keystone gx1: test failed: it answers 503");
    expect(heard).toHaveLength(1);
  });

  it("gives up after four tries", async () => {
    const { heard, go } = await asking(() => undefined);
    const fault = await faultOf(go(true));
    expect([heard.length, fault.retryable]).toEqual([4, true]);
    expect(fault.message).toBe("keystone gx1: test failed: it broke the connection");
  });

  it("does not follow a redirect, which could carry our token elsewhere", async () => {
    const { heard, go } = await asking(() => ({ status: 302, headers: { location: "/elsewhere" } }));
    expect((await go(true)).status).toBe(302);
    expect(heard).toHaveLength(1);
  });

  it("says in words that nothing listens there", async () => {
    const { go } = await asking(() => ({ status: 200 }));
    await recorder?.stop();
    expect((await faultOf(go(true))).message).toContain("nothing listens there");
  });
});

const thing = z.object({ id: z.string() });
const login = { status: 201, headers: { "x-subject-token": "t1" }, body: { token: {} } };

async function keystone(script: Script) {
  let logins = 0;
  recorder = await startRecorder((heard, n) => {
    if (heard.url !== "/v3/auth/tokens") return script(heard, n);
    return { ...login, headers: { "x-subject-token": `t${++logins}` } };
  });
  const connection = {
    authUrl: `${recorder.url}/v3/`,
    username: "u",
    password: new Secret("canary"),
    userDomain: "Default",
  };
  return { client: makeKeystone("gx1" as TargetName, connection, stillDeps()), heard: recorder.heard };
}

describe("the client of Keystone", () => {
  const list = (c: Awaited<ReturnType<typeof keystone>>["client"]) => c.list("list things", "/things", "things", thing);

  it("logs in once for many calls at once", async () => {
    const { client, heard } = await keystone(() => ({ status: 200, body: { things: [] } }));
    await Promise.all([list(client), list(client), list(client)]);
    expect(heard.filter((h) => h.url.endsWith("/auth/tokens"))).toHaveLength(1);
  });

  it("logs in again, once for all, when the token is refused, and gives up when the new one is refused too", async () => {
    const first = await keystone(({ token }) =>
      token === "t1" ? { status: 401 } : { status: 200, body: { things: [] } },
    );
    await Promise.all([list(first.client), list(first.client)]);
    expect(first.heard.filter((h) => h.url.endsWith("/auth/tokens"))).toHaveLength(2);
    await recorder?.stop();
    const second = await keystone(() => ({ status: 401 }));
    expect((await faultOf(list(second.client))).message).toContain("refuses our token");
    expect(second.heard.filter((h) => h.url.endsWith("/auth/tokens"))).toHaveLength(2);
  });

  it("reads all pages, and of a foreign next address only the query", async () => {
    const { client, heard } = await keystone(({ url }) =>
      url === "/v3/things"
        ? { status: 200, body: { things: [{ id: "a" }], links: { next: "http://evil.example/v3/other?marker=a" } } }
        : { status: 200, body: { things: [{ id: "b" }], links: { next: null } } },
    );
    expect(await list(client)).toEqual([{ id: "a" }, { id: "b" }]);
    expect(heard.map((h) => h.url)).toEqual(["/v3/auth/tokens", "/v3/things", "/v3/things?marker=a"]);
  });

  it("a cut list is a fault: it would look as if the rest were absent", async () => {
    const { client } = await keystone(() => ({ status: 200, body: { things: [{ id: "a" }], truncated: true } }));
    expect((await faultOf(list(client))).message).toContain("the list is cut");
  });

  it.each(["<html>busy</html>", "", '{"things": 7}', '{"things": [{"id": 7}]}'])(
    "an answer like %j is a fault, not an empty list",
    async (body) => {
      const { client } = await keystone(() => ({ status: 200, body }));
      expect((await faultOf(list(client))).message).toContain("the answer is not one of Keystone v3");
    },
  );

  it("creating is never tried twice; removing what is gone is a success", async () => {
    const { client, heard } = await keystone(({ method }) => (method === "DELETE" ? { status: 404 } : { status: 503 }));
    await faultOf(client.create("create", "/things", {}, thing));
    await client.remove("remove", "/things/1");
    expect(heard.map((h) => h.method)).toEqual(["POST", "POST", "DELETE"]);
  });

  it("no fault holds the password, the token or the server's words", async () => {
    const { client } = await keystone(() => ({ status: 409, body: { error: { message: "canary-of-the-server" } } }));
    const fault = await faultOf(client.create("create", "/things", {}, thing));
    expect(`${fault.message} ${JSON.stringify(fault)}`).not.toMatch(/canary|t1\b/);
    expect(fault.message).toContain("409");
  });
});
