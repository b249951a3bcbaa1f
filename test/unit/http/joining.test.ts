import { expect, test } from "vitest";
import { ok, type SubjectId } from "../../../src/core/index.ts";
import { joining } from "../../../src/http/index.ts";
import type { Reply, Request, Route } from "../../../src/http/request.ts";
import type { Session } from "../../../src/http/session.ts";

const session = (id: string) => ({ id, person: { sub: "p-1" as SubjectId } }) as Session;
const asked = (more: Partial<Request> = {}): Request =>
  ({
    ...{ address: "198.51.100.1", language: "en", session: session("s1") },
    ...{
      params: new Map(),
      query: new Map(),
      form: new Map([
        ["decision", "approve"],
        ["flow", "f"],
      ]),
    },
    ...more,
  }) as Request;

/** A route that answers when it is let, and counts how often it was asked. */
function slow(kind: Partial<Route> = {}) {
  const gate = Promise.withResolvers<void>();
  let times = 0;
  const route = joining({
    ...{ method: "POST", path: "/x", errorFormat: "page" },
    ...kind,
    handle: async () => {
      const mine = ++times;
      await gate.promise;
      return ok<Reply>({ kind: "page", status: 200, html: String(mine) });
    },
  });
  const ask = async (request: Request) => {
    const answer = await route.handle(request);
    return answer.ok && answer.value.kind === "page" ? answer.value.html : "refused";
  };
  return { ask, release: () => gate.resolve(), times: () => times };
}

test("the same form of the same session, sent twice at once, is acted on once, and both are answered", async () => {
  const { ask, release, times } = slow();
  const again = asked({
    form: new Map([
      ["flow", "f"],
      ["decision", "approve"],
    ]),
  });
  const answers = [ask(asked()), ask(asked()), ask(again)];
  release();
  expect([await Promise.all(answers), times()]).toEqual([["1", "1", "1"], 1]);
  expect(await ask(asked()), "afterwards it is a new request").toBe("2");
});

test.each<[string, Partial<Request>]>([
  ["another session", { session: session("s2") }],
  [
    "another choice",
    {
      form: new Map([
        ["decision", "deny"],
        ["flow", "f"],
      ]),
    },
  ],
  ["another address", { address: "203.0.113.9" }],
  ["another language", { language: "de" }],
  ["nobody's session: the answer may hold a cookie of somebody", { session: undefined }],
])("%s has its own answer", async (_what, more) => {
  const { ask, release } = slow();
  const answers = [ask(asked()), ask(asked(more)), ask(asked({ ...more, session: more.session }))];
  release();
  expect((await Promise.all(answers)).slice(0, 2)).toEqual(["1", "2"]);
});

test("two who are not signed in never share an answer", async () => {
  const { ask, release } = slow();
  const answers = [ask(asked({ session: undefined })), ask(asked({ session: undefined }))];
  release();
  expect(await Promise.all(answers)).toEqual(["1", "2"]);
});

test("programs' endpoints and looks are left as they are", async () => {
  for (const kind of [{ errorFormat: "oauth" }, { method: "GET" }] as const) {
    const { ask, release } = slow(kind);
    const answers = [ask(asked()), ask(asked())];
    release();
    expect(await Promise.all(answers)).toEqual(["1", "2"]);
  }
});

test("a failure is everybody's, and not kept", async () => {
  let times = 0;
  const route = joining({
    ...{ method: "POST", path: "/x", errorFormat: "page" },
    handle: async () => {
      if (++times === 1) throw new Error("away");
      return ok<Reply>({ kind: "empty", status: 200 });
    },
  });
  const both = [route.handle(asked()), route.handle(asked())];
  for (const one of both) await expect(one).rejects.toThrow("away");
  expect((await route.handle(asked())).ok).toBe(true);
});
