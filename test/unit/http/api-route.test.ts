import request from "supertest";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { Bug, err, Fault, ok, refusal } from "../../../src/core/index.ts";
import { apiRoute, json, type Route } from "../../../src/http/index.ts";
import { type SecureFront, secureFront } from "../../support/secure-front.ts";

const name = z.string().regex(/^[a-z-]+$/, "a name of small letters expected");
const path = "/api/tenants/{tenant}/people/{person}";
const params = { tenant: name, person: z.coerce.number().int() };

const routes = (): Route[] => [
  apiRoute({
    method: "GET",
    path,
    params,
    query: z.strictObject({ limit: z.coerce.number().max(50).default(10) }),
    handle: (input) => {
      expectTypeOf(input.params).toEqualTypeOf<{ readonly tenant: string; readonly person: number }>();
      expectTypeOf(input.query).toEqualTypeOf<{ limit: number }>();
      return ok(json(input));
    },
  }),
  apiRoute({
    method: "PATCH",
    path,
    params,
    body: z.strictObject({ email: z.email(), groups: z.array(name).optional() }),
    handle: ({ params, body }, { method }) => ok(json({ method, ...params, ...body })),
  }),
  apiRoute({
    method: "PUT",
    path: "/api/things/{thing}",
    params: { thing: name },
    headers: z.object({
      "if-match": z.string().regex(/^"[a-z]+"$/, "a tag expected"),
      "idempotency-key": name.optional(),
    }),
    body: z.strictObject({ size: z.number() }),
    handle: ({ params: { thing }, headers, body }, asker) =>
      ok(json({ thing, headers, body, more: Object.keys(asker) })),
  }),
  apiRoute({
    method: "DELETE",
    path: "/api/{what}",
    params: { what: z.enum(["taken", "foreign", "unknown", "stranger", "fault", "bug"]) },
    handle: ({ params: { what } }, { authorization }) => {
      if (authorization === undefined) return err(refusal("token_missing", "an access token is needed"));
      if (what === "taken") return err(refusal("conflict", "the name is taken. Choose another.", "kept in the log"));
      if (what === "foreign") return err(refusal("forbidden", "the tenant is another's."));
      if (what === "unknown") return err(refusal("not_found", "there is no such person."));
      if (what === "stranger") return err(refusal("invalid_token", "the token has expired"));
      if (what === "fault") throw new Fault("keycloak", "asking", { cause: new Error("pw=hunter2") });
      throw new Error("pw=hunter2");
    },
  }),
];
let front: SecureFront;
let app: SecureFront["listener"];
beforeEach(() => {
  front = secureFront({ routes: routes() });
  app = front.listener;
});
afterEach(() => front.stop());

describe("a route of the API", () => {
  test("hands parsed input to its handler", async () => {
    await request(app)
      .get("/api/tenants/customer-a/people/7?limit=20")
      .expect(200, { params: { tenant: "customer-a", person: 7 }, query: { limit: 20 } });
    await request(app)
      .patch("/api/tenants/customer-a/people/7")
      .send({ email: "eve@a.example" })
      .expect(200, { method: "PATCH", tenant: "customer-a", person: 7, email: "eve@a.example" });
  });

  test("says all that is wrong at once, each with its place", async () => {
    const answer = await request(app)
      .patch("/api/tenants/A/people/x?more=1")
      .send({ email: "no", groups: ["a", "B"], "a/b": 1 })
      .expect(422);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body).toMatchObject({
      type: "urn:cloudpass:problem:invalid_input",
      title: "Unprocessable Entity",
      status: 422,
      instance: `urn:uuid:${answer.headers["x-request-id"]}`,
    });
    const { errors } = answer.body as { errors: { pointer: string; detail: string }[] };
    expect(errors.map((e) => e.pointer)).toEqual([
      "/path/tenant",
      "/path/person",
      "/query",
      "/body/email",
      "/body/groups/1",
      "/body",
    ]);
    expect(errors[0]?.detail).toBe("a name of small letters expected");
  });

  test("names twenty places at most", async () => {
    const groups = Array.from({ length: 100 }, () => "B");
    const answer = await request(app)
      .patch("/api/tenants/a/people/1")
      .send({ email: "a@b.example", groups })
      .expect(422);
    expect(answer.body.errors).toHaveLength(20);
  });

  test("takes no parameter that it does not know", async () => {
    await request(app).get("/api/tenants/a/people/1?limit=1&admin=true").expect(422);
    await request(app).delete("/api/taken?x=1").set("authorization", "Bearer x").expect(422);
  });

  test("reads the headers that are input, and no other", async () => {
    const put = () => request(app).put("/api/things/a").send({ size: 1 });
    const sent = await put().set("if-match", '"one"').set("idempotency-key", "k").set("x-more", "y").expect(200);
    expect(sent.body).toMatchObject({ headers: { "if-match": '"one"', "idempotency-key": "k" }, body: { size: 1 } });
    expect(sent.body.more).not.toContain("ifMatch");
    const wrong = await put().set("if-match", "one").set("idempotency-key", "K").expect(422);
    const { errors } = wrong.body as { errors: { pointer: string }[] };
    expect(errors.map((e) => e.pointer)).toEqual(["/headers/if-match", "/headers/idempotency-key"]);
    const twice = await put()
      .set("if-match", ['"one"', '"two"'] as unknown as string)
      .expect(422);
    expect(twice.body).toMatchObject({ errors: [{ pointer: "/headers/if-match" }] });
    await request(app).get("/api/tenants/customer-a/people/7").set("if-match", "anything").expect(200);
  });

  test("a change without the state that it was made with is not looked at", async () => {
    const { body } = await request(app).put("/api/things/A").send({ size: "x" }).expect(428);
    expect(body).toMatchObject({ type: "urn:cloudpass:problem:precondition_required", title: "Precondition Required" });
  });

  test.each([
    ["taken", 409, "conflict"],
    ["foreign", 403, "forbidden"],
    ["unknown", 404, "not_found"],
    ["stranger", 401, "invalid_token"],
    ["fault", 503, "temporarily_unavailable"],
    ["bug", 500, "server_error"],
  ])("says of %s: %i %s, as RFC 9457 wants it", async (what, status, code) => {
    const answer = await request(app).delete(`/api/${what}`).set("authorization", "Bearer x").expect(status);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ type: `urn:cloudpass:problem:${code}`, status });
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.text).not.toMatch(/hunter2|kept in the log/);
  });

  test("challenges whoever brings no token, or a bad one (RFC 6750 section 3)", async () => {
    const none = await request(app).delete("/api/taken").expect(401);
    expect(none.headers["www-authenticate"]).toMatch(/^Bearer realm="cloudpass", DPoP/);
    const bad = await request(app).delete("/api/stranger").set("authorization", "Bearer x").expect(401);
    expect(bad.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test("what the front refuses is said in the same format", async () => {
    expect((await request(app).get("/api/no/such/thing").expect(404)).type).toBe("application/problem+json");
    expect((await request(app).post("/api/taken").expect(405)).type).toBe("application/problem+json");
    expect((await request(app).delete("/api/%2e%2e").expect(400)).body.type).toBe(
      "urn:cloudpass:problem:invalid_request",
    );
    const form = await request(app).patch("/api/tenants/a/people/1").type("form").send("email=a").expect(415);
    expect(form.body.type).toBe("urn:cloudpass:problem:unsupported_media_type");
  });

  test("reads no cookie: a page of another site could send it along", async () => {
    const seen: object[] = [];
    const spy = apiRoute({
      method: "GET",
      path: "/x",
      params: {},
      handle: (_, asker) => {
        seen.push(asker);
        return ok(json({}));
      },
    });
    const other = secureFront({ routes: [spy] });
    await request(other.listener).get("/x").set("cookie", "__Host-cloudpass=x").expect(200);
    expect(Object.keys(seen[0] ?? {})).not.toEqual(expect.arrayContaining(["cookie"]));
    await other.stop();
  });

  test("path and schemas name the same parameters", () => {
    const wrong = { method: "GET", path: "/api/{what}", params: { what: name, more: name } } as const;
    expect(() => apiRoute({ ...wrong, handle: () => ok(json({})) })).toThrow(Bug);
    // @ts-expect-error a parameter of the path has no schema
    expect(() => apiRoute({ ...wrong, params: {}, handle: () => ok(json({})) })).toThrow(Bug);
  });
});
