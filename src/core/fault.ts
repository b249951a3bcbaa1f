/** A dependency failed. Thrown; answered as 503 `temporarily_unavailable`, never with the cause's text. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** What failed, as an operator knows it: "keycloak", "redis", "keystone gx1". */
  readonly dependency: string;
  /** What we were doing. */
  readonly operation: string;
  /** True when the same call may succeed later. */
  readonly retryable: boolean;
  /** True when the dependency answered that it did nothing. Else the request may have taken effect. */
  readonly refused: boolean;

  constructor(
    dependency: string,
    operation: string,
    options: { cause?: unknown; retryable?: boolean; refused?: boolean; message?: string } = {},
  ) {
    super(`${dependency}: ${operation} failed${options.message ? `: ${options.message}` : ""}`, {
      cause: options.cause,
    });
    this.dependency = dependency;
    this.operation = operation;
    this.retryable = options.retryable ?? true;
    this.refused = options.refused ?? false;
  }
}

/** Something that must never happen. Thrown; answered as 500 with the request's id. */
export class Bug extends Error {
  override readonly name = "Bug";
}
