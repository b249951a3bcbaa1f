import { describe, expect, it } from "vitest";
import { clientBody } from "../../../src/realms/kinds/client.ts";

describe("a PUT of a client", () => {
  it("names its authorization services, which Keycloak would take away with all that they hold", () => {
    const there = {
      ...{ webOrigins: ["https://a.example"], serviceAccountsEnabled: true, authorizationServicesEnabled: true },
    };
    expect(clientBody("api", there, { name: "A" })).toEqual({ clientId: "api", ...there, name: "A" });
    expect(clientBody("api", {}, { name: "A" })).toEqual({ clientId: "api", webOrigins: [], name: "A" });
  });

  it("names the logout by the browser, which Keycloak 26.0 would turn round", () => {
    expect(clientBody("api", { frontchannelLogout: false }, {})["frontchannelLogout"]).toBe(false);
  });

  it("takes them away where the change says so", () => {
    const body = clientBody("api", { authorizationServicesEnabled: true }, { authorizationServicesEnabled: false });
    expect(body["authorizationServicesEnabled"]).toBe(false);
  });
});
