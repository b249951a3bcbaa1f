import { err, ok, type Result } from "../core/index.ts";

/** An element of XML, namespaces told apart by URI. */
export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Attributes without a prefix. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly in it. */
  readonly text: string;
}

interface Open {
  readonly qualified: string;
  readonly element: XmlElement & { children: XmlElement[]; text: string };
  /** What it was written of; joined when the element ends. */
  readonly texts: string[];
  readonly scope: Scope;
}

/** Prefixes of namespaces that an element declares, over those of what is around it. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly around: Scope | undefined;
}

const maxDepth = 50;

/** Metadata of one identity provider is a hundredth of it; those of a whole federation are not read here. */
const maxLength = 1024 * 1024;

/*
 * A reader for metadata: elements, attributes, text, CDATA. A document type is refused, and with it entities of its own and
 * everything that they are misused for (S-38, S-55). It judges no signature, so it needs no canonical form.
 */
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([A-Za-z_][^\s/>]*)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const attribute = /([^\s=>/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** Reads a document; says in a sentence why it is not one. Never throws. */
export function parseXml(text: string): Result<XmlElement, string> {
  if (text.length > maxLength) return err("it is larger than 1 MiB: give the metadata of the one identity provider");
  if (/<!DOCTYPE/i.test(text)) return err("it has a document type, which metadata never needs");
  const source = text.replace(/^\ufeff/, "");
  const open: Open[] = [];
  let root: XmlElement | undefined;
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const found = token.exec(source);
    if (found === null) return err("it is not well-formed XML");
    const [, cdata, closing, opening, attributes = "", selfClosing, plainText] = found;
    const inside = open.at(-1);
    if (cdata !== undefined || plainText !== undefined) {
      if (inside) inside.texts.push(cdata ?? decoded(plainText ?? ""));
      else if ((plainText ?? "x").trim() !== "") return err("it is not well-formed XML");
    } else if (closing !== undefined) {
      if (inside?.qualified !== closing) return err("it is not well-formed XML");
      inside.element.text = inside.texts.join("");
      open.pop();
    } else if (opening !== undefined) {
      if ((root !== undefined && !inside) || open.length >= maxDepth) return err("it is not well-formed XML");
      const made = begin(opening, attributes, inside);
      if (inside) inside.element.children.push(made.element);
      else root = made.element;
      if (selfClosing === "") open.push(made);
    }
  }
  return root !== undefined && open.length === 0 ? ok(root) : err("it is not well-formed XML");
}

function begin(qualified: string, written: string, parent: Open | undefined): Open {
  const all = [...written.matchAll(attribute)].map(([, name = "", a, b]) => [name, decoded(a ?? b ?? "")] as const);
  const declared = all.flatMap(([name, value]) =>
    name === "xmlns" ? [["", value] as const] : name.startsWith("xmlns:") ? [[name.slice(6), value] as const] : [],
  );
  // Copying what is around it would cost every element what all of them declare.
  const scope: Scope =
    declared.length === 0 && parent !== undefined
      ? parent.scope
      : { declared: new Map(declared), around: parent?.scope };
  const [prefix, name] = qualified.includes(":") ? qualified.split(":", 2) : ["", qualified];
  const attributes = Object.fromEntries(all.filter(([key]) => !key.includes(":") && key !== "xmlns"));
  const namespace = namespaceOf(prefix ?? "", scope);
  return { qualified, texts: [], scope, element: { name: name ?? "", namespace, attributes, children: [], text: "" } };
}

/** At most `maxDepth` steps. */
function namespaceOf(prefix: string, scope: Scope | undefined): string {
  for (let at = scope; at !== undefined; at = at.around) {
    const found = at.declared.get(prefix);
    if (found !== undefined) return found;
  }
  return "";
}

const named = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return named.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
