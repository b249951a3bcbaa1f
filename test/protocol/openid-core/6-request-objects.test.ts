import { createServer } from "node:http";
import { expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { codeRequest, loopback } from "../../support/code-login.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const open = (more: Record<string, string | undefined>) => {
  const request = codeRequest(broker.issuer, "prod1", more);
  return new Browser().open(request.url, loopback).then((page) => ({ request, page }));
};

test.each<[string, Record<string, string>, string]>([
  ["6.1: a request object by value", { request: "e30.e30." }, "request_not_supported"],
  ["6.2: one by reference", { request_uri: "https://client.example/request.jwt" }, "request_uri_not_supported"],
  ["6.2: one by a reference of no known kind", { request_uri: "urn:example:1" }, "request_uri_not_supported"],
  ["7.2.1: a registration", { registration: "{}" }, "registration_not_supported"],
])("%s is told by its own word", async (_what, more, error) => {
  const { request, page } = await open(more);
  const told = new URL(page.stopped ?? "http://nowhere").searchParams;
  expect([told.get("error"), told.get("state")]).toEqual([error, request.state]);
});

test("6.2: nobody is sent anywhere for it when the redirect address is not the client's", async () => {
  const { page } = await open({ request_uri: "https://client.example/r", redirect_uri: "https://evil.example/" });
  expect([page.status, page.stopped]).toEqual([400, undefined]);
});

test("6.2: no request is made to the reference", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.end();
  });
  await open({ request_uri: `http://${await listen(server)}/request.jwt` });
  await stopServer(server);
  expect(asked).toBe(0);
});
