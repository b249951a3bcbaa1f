import { describe, expect, test } from "vitest";
import { seconds, systemClock, systemRandom } from "../../src/core/index.ts";
import { pushedRequests, waitingRequests } from "../../src/issuer/authorize/pending-authorization.ts";
import { openCodesOfOne } from "../../src/issuer/device/open-codes.ts";
import { refreshesPerLogin } from "../../src/issuer/grants/refresh.ts";
import { proofsPerNetwork } from "../../src/issuer/tokens/proof.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { boot } from "../support/boot.ts";
import { codeRequest } from "../support/code-login.ts";
import { poll, postForm, startDevice } from "../support/device-login.ts";
import { keyHolder } from "../support/key-holder.ts";
import { shared } from "../support/shared.ts";
import { issuer, kit, logIn, somebody, told } from "../unit/issuer/kit.ts";

// A limit that is checked and then spent is overrun by asking in parallel (CVE-2024-1722).

const broker = shared(boot);

describe("S-56: one atomic limiter", () => {
  test("200 concurrent requests never exceed a budget by one", async () => {
    const store = createMemoryStore({ clock: systemClock, random: systemRandom });
    const budget = { ...openCodesOfOne, limit: 7 };
    const granted = await Promise.all(Array.from({ length: 200 }, () => store.spend(budget, "192.0.2.1")));
    expect(granted.filter((s) => s.granted)).toHaveLength(7);
    await store.close();
  });

  test("what waits for a person or a browser is counted too: nobody can fill the store without signing in", async () => {
    const k = kit();
    const { url } = codeRequest(issuer, "gx1");
    const fields = Object.fromEntries(new URL(url).searchParams);
    const asks = [
      { ask: () => k.get("/authorize", fields), budget: waitingRequests },
      { ask: () => k.post("/par", fields), budget: pushedRequests },
    ];
    for (const { ask, budget } of asks) {
      await k.store.spend(budget, "198.51.100.1", budget.limit - 9);
      const answers = await Promise.all(Array.from({ length: 20 }, ask));
      expect(answers.filter((a) => a.ok)).toHaveLength(9);
      expect(new Set(answers.flatMap((a) => (a.ok ? [] : [a.refusal.code])))).toEqual(new Set(["too_many_requests"]));
      k.clock.advance(seconds(budget.window * 2));
      expect((await ask()).ok).toBe(true);
    }
  });

  test("proofs of anybody's keys are counted too: each is remembered for minutes", async () => {
    const k = kit();
    const prover = await keyHolder("ES256", k.clock);
    const from = "192.0.2.1";
    await k.store.spend(proofsPerNetwork, from, proofsPerNetwork.limit - 1);
    const guess = async (path: string, address = from) => {
      const form = { grant_type: "refresh_token", client_id: "console-tool", refresh_token: "guess" };
      const dpop = await prover.proof("POST", `${issuer}${path}`);
      const answer = await k.post(path, form, { dpop, address });
      return answer.ok ? "accepted" : answer.refusal.code;
    };
    expect(await guess("/token")).toBe("invalid_grant");
    expect([await guess("/token"), await guess("/device_authorization")]).toEqual([
      "too_many_requests",
      "too_many_requests",
    ]);
    expect(await guess("/token", "198.51.100.1")).toBe("invalid_grant");
    k.clock.advance(proofsPerNetwork.window * 2);
    expect(await guess("/token")).toBe("invalid_grant");
  });

  test("one login cannot fill the store by renewing itself, and is not ended for trying", async () => {
    const k = kit();
    let { refresh_token } = await logIn(k, somebody("p"));
    const renew = async () => {
      const form = { grant_type: "refresh_token", client_id: "console-tool", refresh_token: String(refresh_token) };
      const answer = told(await k.post("/token", form));
      refresh_token = answer["refresh_token"] ?? refresh_token;
      return answer.refused;
    };
    for (let n = 0; n < refreshesPerLogin.limit; n++) expect(await renew()).toBeUndefined();
    expect(await renew()).toBe("too_many_requests");
    k.clock.advance(refreshesPerLogin.window + 1);
    expect(await renew()).toBeUndefined();
  });

  test("device starts of one address end at the budget, say when to come back, and leave honest polls alone", async () => {
    const honest = await startDevice(broker.issuer, { client_id: "gx1" });
    await broker.broker.store.spend(openCodesOfOne, "127.0.0.1", openCodesOfOne.limit - 30);
    const answers = await Promise.all(
      Array.from({ length: 79 }, () => postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" })),
    );
    expect(answers.filter((a) => a.status === 200)).toHaveLength(29);
    expect(answers.filter((a) => a.status === 429)).toHaveLength(50);
    const pending = await poll(broker.issuer, { client_id: "gx1", device_code: honest.device_code });
    expect(pending).toMatchObject({ status: 400, body: { error: "authorization_pending" } });
  });
});
