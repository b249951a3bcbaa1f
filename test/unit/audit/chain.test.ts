import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHead, verifyAuditFiles, verifyAuditText } from "../../../src/audit/index.ts";
import { Fault, makeSeal, Secret, systemRandom } from "../../../src/core/index.ts";
import { clock, eventsOf, linesOf, newFile, open, seal, textOf, write } from "./kit.ts";

const verify = (path: string) => verifyAuditFiles(seal, [path]);

describe("the audit chain", () => {
  test("is whole after an orderly life, and says who wrote and that it ended", async () => {
    const path = newFile();
    write(path, 5);
    expect(await verify(path)).toMatchObject({ entries: 7, last: { seq: 7 } });
    expect((await verify(path)).breach).toBeUndefined();
    const events = eventsOf(path);
    expect(events[0]).toMatchObject({ seq: 1, prev: "", event: "chain.started", by: "broker one" });
    expect(events.at(-1)).toMatchObject({ event: "chain.closed" });
    expect(events[1]).toMatchObject({ sub: "p-0", tenant: "ünï\u202ecode" });
  });

  test("is ASCII, so that no viewer shows something else than what is there; only we may read it", () => {
    const path = newFile();
    write(path, 1);
    expect(textOf(path)).toMatch(/^[\x20-\x7e\n]*$/);
    for (const file of [path, `${path}.head`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("goes on where it ended", async () => {
    const path = newFile();
    write(path, 2);
    write(path, 2);
    expect(eventsOf(path)[4]).toMatchObject({ event: "chain.resumed", after: "4", seq: 5 });
    expect(eventsOf(path)[4]).not.toHaveProperty("lost");
    expect((await verify(path)).breach).toBeUndefined();
  });

  test("goes on in a new file when the old one was moved away, and is whole over both", async () => {
    const path = newFile();
    write(path, 3);
    renameSync(path, `${path}.1`);
    write(path, 3);
    expect((await verifyAuditFiles(seal, [`${path}.1`, path])).breach).toBeUndefined();
    expect((await verify(path)).breach?.message).toContain("entries 1 to 5 are missing");
  });

  test("another master key does not fit", async () => {
    const path = newFile();
    write(path, 1);
    const other = makeSeal(new Secret("n".repeat(48)), systemRandom);
    expect((await verifyAuditFiles(other, [path])).breach).toMatchObject({ line: 1, seq: 1 });
  });

  test("S-68: a cut with a fitting head is found by a head kept elsewhere", async () => {
    const path = newFile();
    write(path, 1, "kill");
    const old = { text: readFileSync(path), head: readFileSync(`${path}.head`) };
    const { file } = open(path);
    const witness = file.head();
    writeFileSync(path, old.text);
    writeFileSync(`${path}.head`, old.head);
    expect((await verify(path)).breach).toBeUndefined();
    expect((await verifyAuditFiles(seal, [path], [witness])).breach?.message).toBe("entry 3 is missing at the end");
    expect((await verifyAuditFiles(seal, [path], [{ seq: 2, hash: "x" }])).breach).toMatchObject({ line: 2 });
  });

  test("S-68, G10: each of 10,000 random edits is found", () => {
    const path = newFile();
    write(path, 10);
    const text = textOf(path);
    const head = readHead(seal, textOf(`${path}.head`));
    expect(verifyAuditText(seal, text, head).breach).toBeUndefined();
    fc.assert(
      fc.property(edit(text), (edited) => {
        fc.pre(edited !== text);
        return verifyAuditText(seal, edited, head).breach !== undefined;
      }),
      { numRuns: 10_000 },
    );
  });
});

/** A file as somebody left it who may write it but has no key. */
function edit(text: string): fc.Arbitrary<string> {
  const lines = text.trimEnd().split("\n");
  const line = fc.nat(lines.length - 1);
  const at = fc.nat(text.length - 1);
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const joined = (kept: readonly string[]) => kept.map((l) => `${l}\n`).join("");
  return fc.oneof(
    fc.tuple(at, byte).map(([n, b]) => text.slice(0, n) + b + text.slice(n + 1)),
    fc.tuple(at, fc.string({ unit: byte, minLength: 1 })).map(([n, more]) => text.slice(0, n) + more + text.slice(n)),
    fc.tuple(at, fc.integer({ min: 1, max: 400 })).map(([n, count]) => text.slice(0, n) + text.slice(n + count)),
    at.map((n) => text.slice(0, n)),
    line.map((n) => joined(lines.slice(0, n))),
    line.map((n) => joined(lines.filter((_, i) => i !== n))),
    fc.tuple(line, line).map(([a, b]) => joined(lines.map((l, i) => (i === a ? (lines[b] ?? l) : l)))),
    fc.tuple(line, line).map(([a, b]) => joined(swapped(lines, a, b))),
    fc.tuple(line, line).map(([a, b]) => joined(lines.toSpliced(a, 0, lines[b] ?? ""))),
    fc.shuffledSubarray(lines).map(joined),
    fc.tuple(line, fc.stringMatching(/^p-[0-9a-f]{1,8}$/)).map(([n, sub]) => joined(forged(lines, n, sub))),
  );
}

const swapped = (lines: readonly string[], a: number, b: number): string[] =>
  lines.map((l, i) => (i === a ? (lines[b] ?? l) : i === b ? (lines[a] ?? l) : l));

/** Another subject in one entry, JSON and numbers as they were. */
const forged = (lines: readonly string[], n: number, sub: string): string[] =>
  lines.map((l, i) => (i === n ? l.replace(/"(sub|by)":"[^"]*"/, (_, name) => `"${name}":"${sub}"`) : l));

describe("a writer of the audit file", () => {
  test("cuts off a line that a crash left unfinished, at any byte, and says so", async () => {
    const path = newFile();
    write(path, 2, "kill");
    const [text, head] = [textOf(path), readFileSync(`${path}.head`)];
    const next = `${linesOf(path)[1]}\n`;
    for (let length = 1; length < next.length; length += 7) {
      writeFileSync(path, text + next.slice(0, length), "latin1");
      expect((await verify(path)).breach?.message).toContain("unfinished line");
      const { file } = open(path);
      expect(eventsOf(path).at(-1)).toMatchObject({ event: "chain.resumed", after: "3", torn: String(length) });
      expect((await verify(path)).breach).toBeUndefined();
      file.close();
      writeFileSync(path, text, "latin1");
      writeFileSync(`${path}.head`, head);
    }
  });

  test("says in the chain that entries are missing, by the head; verifying names the place for ever", async () => {
    const path = newFile();
    write(path, 4, "kill");
    const whole = textOf(path);
    truncateSync(path, whole.indexOf('{"seq":4'));
    expect((await verify(path)).breach).toEqual({
      file: path,
      seq: 4,
      message: "entries 4 to 5 are missing at the end",
    });
    const { audit } = open(path);
    audit.record("session.ended", { sub: "p-9" });
    expect(eventsOf(path)[3]).toMatchObject({ seq: 6, event: "chain.resumed", lost: "2 entries before this one were" });
    expect((await verify(path)).breach).toMatchObject({
      line: 4,
      seq: 4,
      message: expect.stringContaining("entries 4 to 5"),
    });
  });

  test("says in the chain that the head was gone", async () => {
    const path = newFile();
    write(path, 1, "kill");
    rmSync(`${path}.head`);
    expect((await verify(path)).breach?.message).toContain("head is missing");
    open(path);
    expect((await verify(path)).breach?.message).toBe("says that the head was missing when the broker started");
  });

  test("does not go on after something that is no entry: that is for a person to look at", () => {
    const path = newFile();
    write(path, 1);
    appendFileSync(path, '{"seq":4}\n');
    expect(() => open(path)).toThrow(/keep it as evidence/);
    const old = newFile();
    writeFileSync(old, '{"time":"2026-01-01T00:00:00Z","event":"broker.started"}\n');
    expect(() => open(old)).toThrow(Fault);
  });

  test("S-82: keeps a second one out before it has written anything: one writer each", () => {
    const path = newFile();
    const one = open(path);
    const before = textOf(path);
    expect(() => open(path, { writtenBy: "broker two" })).toThrow(
      /is being written by broker one, process \d+, since 2027/,
    );
    expect(textOf(path)).toBe(before);
    one.audit.check();
    one.audit.record("session.ended", {});
    one.file.close();
    open(path).file.close();
  });

  test("takes back what a full disk took in part, and goes on when there is room again", async () => {
    const path = newFile();
    let room = Number.POSITIVE_INFINITY;
    const { audit } = open(path, { write: (fd, bytes) => writeSync(fd, bytes, 0, Math.min(room, bytes.length)) });
    audit.record("session.ended", { sub: "p-1" });
    for (room = 0; room < 120; room += 17) expect(() => audit.record("session.ended", { sub: "p-2" })).toThrow(Fault);
    room = Number.POSITIVE_INFINITY;
    audit.record("session.ended", { sub: "p-3" });
    expect(eventsOf(path).map((e) => e["sub"])).toEqual([undefined, "p-1", "p-3"]);
    expect((await verify(path)).breach).toBeUndefined();
  });

  test("the moment of an entry is the clock's", () => {
    const path = newFile();
    open(path).audit.record("session.ended", {});
    expect(eventsOf(path)[1]?.["time"]).toBe("2027-01-15T08:00:00Z");
    expect(clock.now()).toBe(1_800_000_000);
  });
});
