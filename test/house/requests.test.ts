import { describe, expect, test } from "vitest";
import { sourcesOf } from "./source.ts";

/** The rooms that answer people and programs, and what in them reads requests: everything else gets parsed input. */
const doors = [/^src\/issuer\/endpoints\//, /^src\/relying-party\/(?:sign-in|logout)\/routes\.ts$/];
const wholeBox = /^(?:IssuerDeps|RelyingPartyDeps)$/;

const files = sourcesOf("src").filter(({ path }) => /^src\/(?:issuer|relying-party)\//.test(path));

describe("issuer and relying party", () => {
  test("a request stops at an endpoint: what is asked there takes parsed input", () => {
    const found = files.filter(
      ({ path, identifiers }) => identifiers.some(({ name }) => name === "Request") && !doors.some((d) => d.test(path)),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test("every door is there, and takes requests", () => {
    const taking = files.filter(({ identifiers }) => identifiers.some(({ name }) => name === "Request"));
    expect(doors.filter((door) => !taking.some(({ path }) => door.test(path))).map(String)).toEqual([]);
  });

  test("a function takes the parts it uses, not the whole box", () => {
    const found = files
      .filter(({ path }) => !/^src\/[^/]+\/index\.ts$/.test(path))
      .flatMap(({ path, functions }) =>
        functions
          .filter(({ takes }) => takes.some((type) => wholeBox.test(type)))
          .map(({ line, name }) => `${path}:${line}: ${name}`),
      );
    expect(found).toEqual([]);
  });
});
