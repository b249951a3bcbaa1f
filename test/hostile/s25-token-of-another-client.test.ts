import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const login = async () =>
  String((await logIn(broker.issuer, { client_id: "console-tool", scope: renewable })).body["refresh_token"]);
const use = async (token: string, client_id = "console-tool") => ({
  answered: outcome(await refresh(broker.issuer, token, { client_id })),
});
const refused = "400 invalid_grant";

describe("S-25: a refresh token", () => {
  test("in another client's hands is worth nothing, and the owner's still works", async () => {
    const token = await login();
    for (const client of ["gx1", "prod1"]) expect((await use(token, client)).answered).toBe(refused);
    expect((await use(token)).answered).toBe("200");
  });
});
