import { expect, it } from "vitest";
import { bare, problemsIn } from "./kit.ts";

/** What is written, where the one problem is, what it says, and the remedy. */
it.each([
  [
    "a login at a mail server that asks for none",
    bare("settings: {raw: {smtpServer: {host: m.example, user: us}}}"),
    "settings.raw.smtpServer.user",
    /Keycloak forgets it otherwise/,
    /auth: "true"/,
  ],
  [
    "what follows from another setting",
    bare("settings: {raw: {otpSupportedApplications: [totpAppGoogleName]}}"),
    "settings.raw.otpSupportedApplications",
    /follows from the policy of one-time passwords/,
    /remove it/,
  ],
])("one mistake in a realm's settings is one problem: %s", (_name, text, at, message, fix) => {
  const problems = problemsIn(text);
  expect(problems.map((p) => p.path)).toEqual([at]);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]?.fix ?? "").toMatch(fix);
});
