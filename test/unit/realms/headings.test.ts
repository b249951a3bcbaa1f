import { describe, expect, it } from "vitest";
import { withHeadings, withoutLostHeadings } from "../../../src/realms/kinds/profile.ts";

const heading = { name: "work", displayHeader: "At work" };

describe("headings of the user profile", () => {
  it("are there before an attribute stands under them", () => {
    const attributes = [{ name: "floor", group: "work" }, { name: "desk", group: "work" }, { name: "email" }];
    expect(withHeadings({ attributes })).toEqual({ attributes, groups: [{ name: "work" }] });
    const whole = { attributes, groups: [heading] };
    expect(withHeadings(whole)).toBe(whole);
  });

  it("leave no attribute behind when they go, and leave the others where they are", () => {
    const attributes = [{ name: "floor", group: "gone" }, { name: "desk", group: "work" }, { name: "email" }];
    expect(withoutLostHeadings({ attributes, groups: [heading] })).toEqual({
      attributes: [{ name: "floor" }, { name: "desk", group: "work" }, { name: "email" }],
      groups: [heading],
    });
  });
});
