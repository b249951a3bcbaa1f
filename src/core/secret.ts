import { inspect } from "node:util";

const hidden = "[secret]";

/** A secret text that prints as `[secret]` wherever it leaks by accident: logs, JSON, templates, `console.log`. */
export class Secret {
  readonly #read: () => string;
  #value: string | undefined;

  /** With a function it is read when it is used first, and not before; that may throw. */
  constructor(value: string | (() => string)) {
    this.#read = typeof value === "string" ? () => value : value;
  }

  /** The text itself. Every call of it is a place to look at in review. */
  reveal(): string {
    this.#value ??= this.#read();
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
