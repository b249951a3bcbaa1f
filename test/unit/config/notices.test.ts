import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";
import { blocksOf } from "../../support/how-to.ts";

const hookSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const secrets: Record<string, string> = {
  KEY: "k".repeat(48),
  SMTP: "smtp-password",
  HOOK: hookSecret,
  SHORT: `whsec_${Buffer.alloc(16).toString("base64")}`,
  BARE: Buffer.alloc(32).toString("base64"),
};

const load = (text: string) =>
  loadConfig(
    `issuer: https://login.example\nmasterKey: {env: KEY}\nkeys: keys.json\nupstream: {issuer: "https://kc.example/realms/scs"}\npolicies: [policies]\nnotices: ${text}\n`,
    "/etc/cloudpass/broker.yaml",
    (reference) => ("env" in reference ? secrets[reference.env] : undefined),
  );

const mail = "host: smtp.example, from: cloudpass@login.example";
const hook = "name: tickets, url: https://tickets.example/hook";

test("mail and webhooks have their secrets by reference, shown nowhere, and TLS if nothing is said", () => {
  const config = load(
    `{mail: {${mail}, user: broker, password: {env: SMTP}, caFile: ca.pem}, webhooks: [{${hook}, secret: {env: HOOK}}]}`,
  );
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  const { notices } = config.value;
  expect(notices?.mail).toMatchObject({
    ...{ port: 587, tls: "starttls", allowInsecureLoopback: false, language: "en", fromName: "cloudpass" },
    caFile: "/etc/cloudpass/ca.pem",
  });
  expect(notices?.mail?.password?.reveal()).toBe("smtp-password");
  expect(notices?.webhooks[0]?.secret.reveal()).toBe(hookSecret);
  expect(JSON.stringify(config.value)).not.toMatch(/smtp-password|whsec_/);
});

test("the page about it shows a configuration that holds", () => {
  const [block = ""] = blocksOf("tell-people.md", "yaml");
  const indented = block.replace(/^notices:/, "");
  secrets["SMTP_PASSWORD"] = "p";
  secrets["TICKETS_SECRET"] = hookSecret;
  const config = load(indented);
  expect(config.ok ? config.value.notices?.webhooks[0] : config.refusal).toMatchObject({ tenants: ["customer-a"] });
});

test.each([
  ["a user without a password", `{mail: {${mail}, user: me}}`, "notices.mail"],
  ["mail without TLS to another machine", `{mail: {${mail}, allowInsecureLoopback: true}}`, "allowInsecureLoopback"],
  ["a line in the name of a host", '{mail: {host: "a\\r\\nb", from: a@b.example}}', "host"],
  ["no address to come from", "{mail: {host: smtp.example, from: me}}", "from"],
  ["a secret that is too short", `{webhooks: [{${hook}, secret: {env: SHORT}}]}`, "notices.webhooks[0].secret"],
  ["a secret of another form", `{webhooks: [{${hook}, secret: {env: BARE}}]}`, "notices.webhooks[0].secret"],
  ["a secret that is not there", `{webhooks: [{${hook}, secret: {env: NONE}}]}`, "notices.webhooks[0].secret"],
  [
    "one name twice",
    `{webhooks: [{${hook}, secret: {env: HOOK}}, {${hook}, secret: {env: HOOK}}]}`,
    "notices.webhooks",
  ],
  [
    "a webhook called mail",
    `{webhooks: [{name: mail, url: https://t.example, secret: {env: HOOK}}]}`,
    "notices.webhooks",
  ],
])("%s is refused with its place", (_, text, place) => {
  const config = load(text);
  expect(config.ok ? [] : config.refusal.map(({ path }) => path).join()).toContain(place);
});
