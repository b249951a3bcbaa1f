import { describe, expect, it } from "vitest";
import { isTwin, realmBody, withFieldsForTwins } from "../../../src/realms/realm-put.ts";

// What a real Keycloak does with a PUT of a realm: test/contract/realm-kinds/same-state.test.ts.

const there = {
  ...{ oauth2DeviceCodeLifespan: 77, oauth2DevicePollingInterval: 9, clientSessionIdleTimeout: 300 },
  ...{ otpPolicyType: "totp", otpPolicyDigits: 6, webAuthnPolicyRpEntityName: "keycloak" },
  ...{ webAuthnPolicyCreateTimeout: 0, webAuthnPolicyPasswordlessCreateTimeout: 0 },
  attributes: { cibaExpiresIn: "130", oauth2DeviceCodeLifespan: "77", clientSessionIdleTimeout: "300", theirs: "x" },
};

describe("a PUT of a realm", () => {
  it("has what Keycloak would reset along with anything else: device settings, and all attributes", () => {
    expect(realmBody(there, { displayName: "x" })).toMatchObject({
      ...{ displayName: "x", oauth2DeviceCodeLifespan: 77, oauth2DevicePollingInterval: 9 },
      attributes: { cibaExpiresIn: "130", theirs: "x" },
    });
  });

  it("has no old value of a setting, under its other name, beside the new one", () => {
    const body = realmBody(there, { oauth2DeviceCodeLifespan: 99, clientSessionIdleTimeout: 60 });
    expect(body).toMatchObject({ oauth2DeviceCodeLifespan: 99, clientSessionIdleTimeout: 60 });
    expect(body["attributes"]).toEqual({ cibaExpiresIn: "130", theirs: "x" });
  });

  it("has no old word on one-time passwords beside the new one, though the two are called differently", () => {
    const was = { otpPolicyCodeReusable: true, attributes: { realmReusableOtpCode: "true", theirs: "x" } };
    const body = realmBody(was, { otpPolicyCodeReusable: false });
    expect(body).toMatchObject({ otpPolicyCodeReusable: false });
    expect(body["attributes"]).toEqual({ theirs: "x" });
  });

  it("adds attributes, and takes those away that are null", () => {
    const { attributes } = realmBody(there, { attributes: { theirs: null, ours: "y", cibaExpiresIn: "140" } });
    expect(attributes).toMatchObject({ ours: "y", cibaExpiresIn: "140" });
    expect(attributes).not.toHaveProperty("theirs");
  });

  it("has the settings of one-time passwords, and those of security keys, all together", () => {
    expect(realmBody(there, { otpPolicyDigits: 8 })).toMatchObject({ otpPolicyType: "totp", otpPolicyDigits: 8 });
    expect(realmBody(there, { otpPolicyDigits: 8 })).not.toHaveProperty("webAuthnPolicyRpEntityName");
    const keys = realmBody(there, { webAuthnPolicyPasswordlessCreateTimeout: 34 });
    expect(keys).toMatchObject({
      ...{ webAuthnPolicyRpEntityName: "keycloak", webAuthnPolicyPasswordlessCreateTimeout: 34 },
    });
  });
});

describe("one setting under two names", () => {
  it("is compared under one of them, and may be said by either", () => {
    expect(["oauth2DeviceCodeLifespan", "realmReusableOtpCode"].every((name) => isTwin(there, name))).toBe(true);
    expect(isTwin(there, "cibaExpiresIn")).toBe(false);
    const attributes = { oauth2DeviceCodeLifespan: "88", realmReusableOtpCode: "true", cibaExpiresIn: "130" };
    expect(withFieldsForTwins({ attributes })).toEqual({
      ...{ oauth2DeviceCodeLifespan: 88, otpPolicyCodeReusable: true, attributes: { cibaExpiresIn: "130" } },
    });
    expect(withFieldsForTwins({ oauth2DeviceCodeLifespan: 99, attributes })).toMatchObject({
      oauth2DeviceCodeLifespan: 99,
    });
  });
});
