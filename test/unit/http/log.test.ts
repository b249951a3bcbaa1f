import { expect, test } from "vitest";
import { holdBack } from "../../../src/http/log.ts";

function held() {
  const writes: string[] = [];
  return { writes, ...holdBack({ write: (text: string) => void writes.push(text) }) };
}

test("lines are held back until they are asked for, and leave once, in one write and in their order", () => {
  const { writes, write, flush } = held();
  for (const line of ["a\n", "b\n"]) write(line);
  expect(writes).toEqual([]);
  flush();
  flush();
  write("c\n");
  flush();
  expect(writes).toEqual(["a\nb\n", "c\n"]);
});

test("no more than a few kilobytes are held back", () => {
  const { writes, write } = held();
  const line = `${"x".repeat(1_000)}\n`;
  for (let n = 0; n < 20; n++) write(line);
  expect(writes.map((text) => text.length / line.length)).toEqual([9, 9]);
});

test("a write that fails is told to whoever asked for it", () => {
  const { write, flush } = holdBack({
    write: () => {
      throw new Error("disk full");
    },
  });
  write("a\n");
  expect(flush).toThrow("disk full");
});
