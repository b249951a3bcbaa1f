import { beforeEach, describe, expect, test } from "vitest";
import type { Subject } from "../../src/probe/index.ts";
import { makeCertificate } from "../support/certificates.ts";
import {
  checkHostile,
  healthySaml,
  type PlantedFault,
  startHostileIdp,
  troubleOf,
  troublesOf,
} from "../support/hostile-idp.ts";
import { shared } from "../support/shared.ts";

// `cloudpass idp check` on SAML metadata with one fault at a time: each is found, and its remedy is named.

const idp = shared(startHostileIdp);
beforeEach(() => idp.reset());

const check = (subject: Subject) => checkHostile(idp, subject);

const samlWith = (wish: Partial<Parameters<typeof makeCertificate>[0]>) => () => {
  const certificate = makeCertificate({ name: "saml signing", ends: 300, rsaBits: 2048, ...wish });
  idp.state.saml = healthySaml(idp.issuer, certificate);
};
const edit = (from: string | RegExp, to: string) => () => {
  const edited = idp.state.saml.replace(from, to);
  if (edited === idp.state.saml) throw new Error(`nothing like ${from}`);
  idp.state.saml = edited;
};

const samlFaults: readonly PlantedFault[] = [
  {
    name: "a certificate that ended",
    plant: samlWith({ ends: -1.5 }),
    about: "signing certificate",
    message: /expired on/,
    remedy: /renew/,
  },
  {
    name: "a certificate that ends soon",
    plant: samlWith({ ends: 10.5 }),
    about: "signing certificate",
    level: "warn",
    message: /expires in 10 days/,
    remedy: /before then/,
  },
  {
    name: "a certificate of tomorrow",
    plant: samlWith({ begins: 1 }),
    about: "signing certificate",
    message: /not valid before/,
    remedy: /valid now/,
  },
  {
    name: "a signature with SHA-1",
    plant: samlWith({ sha1: true }),
    about: "signing certificate",
    level: "warn",
    message: /sha1/i,
    remedy: /SHA-256/,
  },
  {
    name: "a short key",
    plant: samlWith({ rsaBits: 1024 }),
    about: "signing certificate",
    message: /1024 bits/,
    remedy: /2048/,
  },
  {
    name: "no certificate",
    plant: edit(/<md:KeyDescriptor[\s\S]*<\/md:KeyDescriptor>/, ""),
    about: "signing certificate",
    message: /there is none/,
    remedy: /publish the certificate/,
  },
  {
    name: "an unreadable certificate",
    plant: edit(/(<ds:X509Certificate>)[^<]*/, "$1AAAA"),
    about: "signing certificate",
    message: /cannot be read/,
    remedy: /base64/,
  },
  {
    name: "no entityID",
    plant: edit(/ entityID="[^"]*"/, ""),
    about: "entityID",
    message: /there is none/,
    remedy: /add entityID/,
  },
  {
    name: "SAML 1.1 only",
    plant: edit("SAML:2.0:protocol", "SAML:1.1:protocol"),
    about: "protocol",
    message: /SAML 2\.0/,
    remedy: /switch SAML 2\.0 on/,
  },
  {
    name: "metadata that ended",
    plant: edit("entityID=", 'validUntil="2020-01-01T00:00:00Z" entityID='),
    about: "validUntil",
    message: /expired on 2020-01-01/,
    remedy: /export the metadata again/,
  },
  {
    name: "transient names",
    plant: edit("persistent", "transient"),
    about: "NameIDFormat",
    message: /transient/,
    remedy: /persistent/,
  },
  {
    name: "addresses as names",
    plant: edit("nameid-format:persistent", "nameid-format:emailAddress"),
    about: "NameIDFormat",
    level: "warn",
    message: /no persistent/,
    remedy: /somebody else/,
  },
  {
    name: "a login by artifact only",
    plant: edit(/HTTP-POST(?=" Location="[^"]*\/sso)/, "HTTP-Artifact"),
    about: "single sign-on service",
    message: /HTTP-POST or HTTP-Redirect/,
    remedy: /publish one/,
  },
  {
    name: "a login on a private address",
    plant: edit(/Location="[^"]*\/sso"/, 'Location="https://192.168.1.1/sso"'),
    about: "single sign-on service",
    message: /not a public address/,
    remedy: /public address/,
  },
  {
    name: "a dead login",
    plant: edit("/sso", "/nowhere"),
    about: "single sign-on service",
    message: /HTTP 404/,
    remedy: /mistake in the address/,
  },
  {
    name: "no sign-out",
    plant: edit(/<md:SingleLogoutService[^>]*>/, ""),
    about: "single logout service",
    level: "warn",
    message: /sign out/,
    remedy: /SingleLogoutService/,
  },
  {
    name: "a document type",
    plant: edit("<!-- exported -->", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    about: "metadata",
    message: /document type/,
    remedy: /export the metadata/,
  },
  {
    name: "half a document",
    plant: edit("</md:EntityDescriptor>", ""),
    about: "metadata",
    message: /not well-formed/,
    remedy: /export the metadata/,
  },
  {
    name: "no provider in it",
    plant: edit(/IDPSSODescriptor/g, "SPSSODescriptor"),
    about: "metadata",
    message: /no SAML identity provider/,
    remedy: /export the metadata/,
  },
];

describe("a SAML identity provider with", () => {
  test("nothing wrong has no findings, by address and by file", async () => {
    const report = await check({ address: `${idp.issuer}/saml/descriptor` });
    expect(troublesOf(report)).toEqual([]);
    expect(report.kind).toBe("saml");
    expect(troublesOf(await check({ text: idp.state.saml, about: "idp.xml" }))).toEqual([]);
  });

  test.each(samlFaults)("$name: it is found, with its remedy", async (fault) => {
    fault.plant();
    const found = troublesOf(await check({ text: idp.state.saml, about: "idp.xml" }));
    expect(found).toEqual([troubleOf(fault)]);
  });
});

test("a file that is neither JSON nor XML is said to be none", async () => {
  expect(troublesOf(await check({ text: "issuer: x", about: "x.yaml" }))).toMatchObject([{ about: "metadata" }]);
});
