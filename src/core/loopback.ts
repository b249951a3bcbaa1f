/**
 * True for the host of an address on this machine (RFC 8252 section 8.3, and `localhost`), as `URL` gives it. Only there
 * plain http can be read by nobody else.
 */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
