import { inspect } from "node:util";

const hidden = "[secret]";

/** A secret text that prints as `[secret]` wherever it leaks by accident: logs, JSON, templates, `console.log`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Every call of it is a place to look at in review. */
  reveal(): string {
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
