/** Who started a login, as far as the network says. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}
