import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deepestJson, parseJson } from "../../../src/http/json.ts";

const refusalOf = (text: string) => {
  const read = parseJson(text);
  return read.ok ? undefined : read.refusal.message;
};
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("JSON that a program sent", () => {
  test("whatever JSON.stringify writes is read as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__"));
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test.each(["", "{", "{'a':1}", '{"a":1,}', "// x\n1", "\ufeff{}", "NaN", "01", '"\u0001"', "{}{}", "undefined"])(
    "%j is none",
    (text) => expect(refusalOf(text)).toBe("the body is no JSON"),
  );

  test("its depth is limited, and what stands in strings has none", () => {
    expect(refusalOf(nested(deepestJson))).toBeUndefined();
    expect(refusalOf(nested(deepestJson + 1))).toBe("the JSON has more than 32 levels");
    expect(refusalOf(nested(32_000))).toBe("the JSON has more than 32 levels");
    expect(refusalOf(JSON.stringify({ a: nested(100), [nested(100)]: 1 }))).toBeUndefined();
  });

  test.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"x":[{"a":1,"b":{},"a":2}]}',
    '{"a\\"":1,"a\\u0022":2}',
    '{"":1,"":2}',
    '{"a":[],"a":1}',
    '{"a":[{"b":1}],"c":[[]],"a":1}',
    '{"a" : {"b":1} , "a"\n: 2}',
  ])("%s has a name twice", (text) => {
    expect(refusalOf(text)).toBe("the JSON has the same name twice in one object");
  });

  test.each([
    '{"a":{"a":1},"b":{"a":2}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a:","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"A":1,"a":2}',
  ])("%s has no name twice", (text) => expect(refusalOf(text)).toBeUndefined());

  test.each(['{"__proto__":{}}', '{"a":[{"\\u005f_proto__":1}]}'])("%s touches no prototype", (text) => {
    expect(refusalOf(text)).toBe("the JSON has a name that is never used: __proto__");
  });

  test("a refusal repeats nothing of what was sent", () => {
    expect(refusalOf('{"secret":"hunter2",}')).not.toContain("hunter2");
  });
});
