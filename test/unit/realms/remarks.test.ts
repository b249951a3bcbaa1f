import { describe, expect, it } from "vitest";
import { remarksOn } from "../../../src/realms/remarks.ts";
import { drift, step } from "./drift-kit.ts";
import { bare, brokered, realmOf } from "./kit.ts";

const made = drift([{ step: step("realm", "x", "create") }]).plan;

describe("a realm that a file makes", () => {
  it("disabled, because it does not say otherwise, is said", () => {
    const said = remarksOn(realmOf(bare()), made);
    expect(said).toEqual([expect.stringMatching(/realm x will be made disabled: nobody can log in.*enabled: true/)]);
  });

  it.each([
    ["enabled", bare("settings: {enabled: true}")],
    ["disabled on purpose", bare("settings: {enabled: false}")],
    ["enabled in Keycloak's own words", bare("settings: {raw: {enabled: true}}")],
    ["with a broker, which enables it", brokered()],
  ])("%s is not", (_what, text) => {
    expect(remarksOn(realmOf(text), made)).toEqual([]);
  });

  it("is not said of a realm that is there, whatever it is", () => {
    const there = drift([{ step: step("realm", "x", "update") }]).plan;
    expect(remarksOn(realmOf(bare()), there)).toEqual([]);
  });
});
