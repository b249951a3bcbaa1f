import { describe, expect, it } from "vitest";
import { CommandFailure, formatFailure, plain } from "../../../src/cli/failure.ts";
import { formatDuration } from "../../../src/cli/terminal.ts";
import { askedVersion, execCredential } from "../../../src/cli/user/exec-credential.ts";
import { formatPerson } from "../../../src/cli/user/format-person.ts";
import { formatVerification, formatWaiting } from "../../../src/cli/user/login/format-verification.ts";

const pending = {
  issuer: "https://login.example",
  userCode: "BCDF-GHJK-LMNP",
  verificationUri: "https://login.example/device",
  verificationUriComplete: "https://login.example/device?user_code=BCDF-GHJK-LMNP",
  endsAt: 1_800_000_300,
};

const anySize = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };

describe("what a login shows", () => {
  it("S-14: shows link, code, QR and the warning to approve only what one started oneself", () => {
    const { before, picture: qr, after } = formatVerification(pending, true, anySize);
    const text = [...before, ...after].join("\n");
    expect(text).toContain("open   https://login.example/device?user_code=BCDF-GHJK-LMNP\n");
    expect(text).toContain("code   BCDF-GHJK-LMNP   (the page must show the same)");
    expect(text).toContain("Approve only a login that you started yourself");
    for (const line of qr) expect(line).toMatch(/^[█▀▄ ]{20,}$/);
    expect(qr.length).toBeGreaterThan(12);
    expect(new Set(qr.map((line) => line.length)).size).toBe(1);
    expect(qr[0]?.trim()).toMatch(/^█+$/);
  });

  it("asks to type the code when there is no complete link, and draws no QR when told so", () => {
    const typed = { ...pending, verificationUriComplete: undefined };
    const { before, picture, after } = formatVerification(typed, false, anySize);
    const text = [...before, ...after].join("\n");
    expect(text).toContain("open   https://login.example/device\n");
    expect(text).toContain("(type it there)");
    expect(picture).toEqual([]);
  });

  it("says what is awaited, where and until when", () => {
    expect(formatWaiting(pending, 1_800_000_001)).toMatch(
      /^Waiting for your approval at https:\/\/login\.example\/device until \d\d:\d\d:\d\d \(4 min 59 s left\)$/,
    );
    expect(formatWaiting(pending, 1_900_000_000)).toContain("(0 s left)");
  });
});

describe("words", () => {
  it("lets no control or bidirectional character of someone else reach the terminal", () => {
    expect(plain("a\u001b[2Jb\u202ec\r\nd\u200be")).toBe("a\ufffd[2Jb\ufffdc\ufffd\ufffdd\ufffde");
    expect(formatPerson({ preferred_username: "al\u001b]0;ice", tenant: "urn:cloudpass:tenant:customer-a" })).toBe(
      "al\ufffd]0;ice of customer-a",
    );
  });

  it("names a person by what is known", () => {
    expect(formatPerson({ name: "Alice A", preferred_username: "alice" })).toBe("Alice A (alice)");
    expect(formatPerson({ sub: "p-1" })).toBe("p-1");
    expect(formatPerson({ name: 7 })).toBe("somebody");
  });

  it("says what happened, what it means, what to do", () => {
    const failure = new CommandFailure("it broke", { means: "That is bad.", fix: "mend it" });
    expect(formatFailure(failure)).toBe("cloudpass: it broke\n  That is bad.\n  → mend it");
    expect(formatFailure(new CommandFailure("it broke"))).toBe("cloudpass: it broke");
  });

  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [299, "4 min 59 s"],
    [7500, "2 h 5 min"],
    [86_400, "24 h"],
    [300_000, "3 d"],
    [-5, "0 s"],
  ])("says %d seconds as %s", (secs, text) => {
    expect(formatDuration(secs)).toBe(text);
  });
});

describe("the ExecCredential", () => {
  const v1 = "client.authentication.k8s.io/v1";
  const info = (apiVersion: string) =>
    JSON.stringify({ kind: "ExecCredential", apiVersion, spec: { interactive: false } });

  it("answers in the asked version, v1 when none is asked", () => {
    expect(askedVersion(undefined)).toBe(v1);
    expect(askedVersion("")).toBe(v1);
    expect(askedVersion(info(v1))).toBe(v1);
    expect(askedVersion(info(`${v1}beta1`))).toBe(`${v1}beta1`);
  });

  it("refuses what it does not speak", () => {
    expect(() => askedVersion(info(`${v1}alpha1`))).toThrow("v1alpha1");
    expect(() => askedVersion("{")).toThrow("KUBERNETES_EXEC_INFO is not an ExecCredential");
    expect(() => askedVersion('{"kind":"Pod","apiVersion":"v1"}')).toThrow("not an ExecCredential");
  });

  it("holds the token and an end half a minute before the token's own", () => {
    expect(JSON.parse(execCredential(v1, { token: "a.b.c", expiresAt: 1_800_000_000 }))).toEqual({
      apiVersion: v1,
      kind: "ExecCredential",
      status: { token: "a.b.c", expirationTimestamp: "2027-01-15T07:59:30Z" },
    });
  });
});
