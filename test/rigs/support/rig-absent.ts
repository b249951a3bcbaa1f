/**
 * A rig cannot be had on this machine: a tool is missing and may not be installed, or a download failed.
 * A test that catches it may skip, but only by printing the reason.
 */
export class RigAbsent extends Error {
  override readonly name = "RigAbsent";
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}
