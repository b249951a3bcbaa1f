import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cookieNames as names, secureFront } from "../support/secure-front.ts";
import { somebody } from "../unit/issuer/kit.ts";

// A browser keeps `__Host-` names for the host itself. What only looks like one to us, because we strip more than the
// browser does, comes past that rule: a sibling host plants the attacker's session, and the victim works in it.

const front = secureFront();
const server = createServer(front.listener);
let [port, attacker, victim] = [0, "", ""];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  [attacker, victim] = [await front.signIn(somebody("attacker")), await front.signIn(somebody("victim"))];
});
afterAll(async () => {
  server.close();
  await front.stop();
});

interface Heard {
  readonly status: number | undefined;
  readonly who?: string;
  readonly read?: readonly (string | null)[];
  readonly text: string;
}

/** Asks with a `Cookie` header of these bytes. */
async function ask(cookie: string | readonly string[], path = "/who"): Promise<Heard> {
  const headers = { cookie: cookie as string | string[], accept: "text/html" };
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    httpRequest({ port, host: "127.0.0.1", path, headers }, resolve).on("error", reject).end(),
  );
  const text = (await answer.setEncoding("utf8").toArray()).join("");
  const told = text.startsWith("{") ? (JSON.parse(text) as Pick<Heard, "who" | "read">) : {};
  return { ...told, status: answer.statusCode, text };
}

const blanks = ["\u00a0", "\u0085", "\u00ad", "\u00a0\u00a0", "\u00a0 ", " \u00a0", "\u00ff"];

describe("S-71: a cookie's name is compared byte by byte", () => {
  test.each(blanks.map((b) => [JSON.stringify(b), b]))(
    "%s before or behind the name makes another name: a sibling host signs nobody in",
    async (_what, blank) => {
      for (const planted of [`${blank}__Host-cloudpass=${attacker}`, `__Host-cloudpass${blank}=${attacker}`]) {
        const alone = await ask(planted);
        expect([alone.status, alone.who]).toEqual([200, undefined]);
        for (const both of [`${planted}; __Host-cloudpass=${victim}`, `__Host-cloudpass=${victim}; ${planted}`])
          expect((await ask(both)).who).toBe(somebody("victim").sub);
      }
    },
  );

  test("nor is the cookie that binds a sign-in or an authorization to its browser planted that way", async () => {
    const planted = names.map((name) => `\u00a0${name}=planted`).join("; ");
    expect((await ask(planted)).read).toEqual([null, null, null]);
  });

  test("blanks and tabs around name and value mean nothing, as in browsers (RFC 6265 section 5.2)", async () => {
    expect((await ask(` \t__Host-cloudpass \t= \t${victim} \t`)).who).toBe(somebody("victim").sub);
  });

  test("no other spelling is ours", async () => {
    for (const name of [
      "__host-cloudpass",
      "__HOST-CLOUDPASS",
      "cloudpass",
      "__Secure-cloudpass",
      "__Host-cloudpass.",
      "",
    ])
      expect((await ask(`${name}=${attacker}`)).who, name).toBeUndefined();
  });

  test("bytes around the value belong to it, and open nothing", async () => {
    for (const blank of blanks.filter((b) => !b.includes(" "))) {
      expect((await ask(`__Host-cloudpass=${blank}${victim}`)).who).toBeUndefined();
      expect((await ask(`__Host-cloudpass=${victim}${blank}`)).who).toBeUndefined();
    }
  });
});

describe("S-71: a name of ours that comes twice is refused", () => {
  test("whichever comes first, whatever it holds, in one header or in two; and the page says what to do", async () => {
    for (const name of names) {
      for (const [one, other] of [
        [attacker, victim],
        [victim, attacker],
        [victim, ""],
        [victim, victim],
      ]) {
        const [a, b] = [`${name}=${one}`, `${name}=${other}`];
        for (const cookies of [`${a}; ${b}`, `${a};${b}`, `${a}; x=y;\t${b}`, [a, b]]) {
          const heard = await ask(cookies);
          expect([heard.status, heard.who]).toEqual([400, undefined]);
          expect(heard.text).toContain("Delete the cookies of this site");
        }
      }
    }
  });

  test("but not one of other programs: several hosts of a domain set what they like", async () => {
    const heard = await ask(`_ga=1; __Host-cloudpass=${victim}; _ga=2; cloudpass=x; cloudpass=y`);
    expect([heard.status, heard.who]).toEqual([200, somebody("victim").sub]);
  });

  test("nor where no cookie is read: a program's answer hangs on none", async () => {
    expect((await ask("__Host-cloudpass=a; __Host-cloudpass=b", "/program")).status).toBe(200);
  });
});
