/** What a compiled Java class says of itself (JVM specification, chapter 4). */
export interface JavaClass {
  /** Names of the fields of its objects; those of the class itself (static) are left out. */
  readonly fields: readonly string[];
  /** Binary name of the class above, such as `java/lang/Object`. */
  readonly above: string;
}

/** Sizes of constants by their tag, of those that are not text (4.4). */
const sizes: Readonly<Record<number, number>> = {
  ...{ 3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2 },
};
const isStatic = 0x0008;

/** Reads the names of fields out of a class file. Throws for what is none. */
export function readClass(bytes: Uint8Array): JavaClass {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0xcafebabe) throw new Error("not a class file");
  const { texts, classes, end } = constants(view, bytes);
  const text = (index: number): string => texts.get(index) ?? "";
  const above = text(classes.get(view.getUint16(end + 4)) ?? 0);
  let at = end + 8 + 2 * view.getUint16(end + 6);
  const count = view.getUint16(at);
  at += 2;
  const fields: string[] = [];
  for (let nth = 0; nth < count; nth++) {
    if ((view.getUint16(at) & isStatic) === 0) fields.push(text(view.getUint16(at + 2)));
    at = afterAttributes(view, at + 6);
  }
  return { fields, above };
}

function constants(view: DataView, bytes: Uint8Array) {
  const texts = new Map<number, string>();
  const classes = new Map<number, number>();
  let at = 10;
  for (let index = 1; index < view.getUint16(8); index++) {
    const tag = view.getUint8(at);
    if (tag === 1) {
      const length = view.getUint16(at + 1);
      texts.set(index, new TextDecoder().decode(bytes.subarray(at + 3, at + 3 + length)));
      at += 3 + length;
      continue;
    }
    if (tag === 7) classes.set(index, view.getUint16(at + 1));
    at += 1 + (sizes[tag] ?? 0);
    // Long and double take two places (4.4.5).
    if (tag === 5 || tag === 6) index++;
  }
  return { texts, classes, end: at };
}

function afterAttributes(view: DataView, at: number): number {
  let here = at + 2;
  for (let nth = 0; nth < view.getUint16(at); nth++) here += 6 + view.getUint32(here + 2);
  return here;
}
