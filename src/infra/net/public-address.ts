/** Which addresses of the internet are public: everything else could be a machine inside somebody's network. */
import { BlockList, isIP } from "node:net";

/** IANA special-purpose ranges, multicast and reserved space; Azure's metadata service has a public number. */
const CLOSED_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;

/** Of IPv6 only global unicast is open, without what tunnels IPv4, is for documentation or for protocols. */
const OPEN_V6 = ["2000::", 3] as const;
const CLOSED_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

/** Names that belong to a network or to a machine, never to the internet. */
const CLOSED_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|onion|invalid|test|example)$/;

const closed = new BlockList();
for (const [network, bits] of CLOSED_V4) closed.addSubnet(network, bits, "ipv4");
for (const [network, bits] of CLOSED_V6) closed.addSubnet(network, bits, "ipv6");
const open = new BlockList();
open.addSubnet(...OPEN_V6, "ipv6");

/** Is `address`, a numeric IPv4 or IPv6 address, one that everybody on the internet reaches? */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, "ipv4");
  return family === 6 && open.check(address, "ipv6") && !closed.check(address, "ipv6");
}

/** The host of a URL as the platform will see it: lower case, no brackets, no final dot. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
}

/** Is `host` this machine? Only ever asked when the operator allows it. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/** Could `host` be a name on the public internet? It says nothing about what the name resolves to. */
export function isPublicName(host: string): boolean {
  return (
    /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(host) &&
    !CLOSED_NAMES.test(host) &&
    !/^\d+$/.test(host.split(".").at(-1) ?? "")
  );
}
