const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const mixK = (k: number): number => Math.imul(rotate(Math.imul(k, C1), 15), C2);
const mixH = (h: number, k: number): number => (Math.imul(rotate(h ^ k, 13), 5) + 0xe6546b64) | 0;

function finish(h: number, length: number): number {
  let result = h ^ length;
  result = Math.imul(result ^ (result >>> 16), 0x85ebca6b);
  result = Math.imul(result ^ (result >>> 13), 0xc2b2ae35);
  return (result ^ (result >>> 16)) | 0;
}

export function murmurInt(value: number, seed: number): number {
  return finish(mixH(seed, mixK(value)), 4);
}

export function murmurLong(value: bigint, seed: number): number {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return finish(mixH(mixH(seed, mixK(low)), mixK(high)), 8);
}

/** Spark's variant: each byte past the last word is mixed as a word of its own. */
export function murmurBytes(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const aligned = bytes.length - (bytes.length % 4);
  let h = seed;
  for (let i = 0; i < aligned; i += 4) h = mixH(h, mixK(view.getInt32(i, true)));
  for (let i = aligned; i < bytes.length; i++) h = mixH(h, mixK(view.getInt8(i)));
  return finish(h, bytes.length);
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const MASK = (1n << 64n) - 1n;

const spin = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & MASK;
const times = (a: bigint, b: bigint): bigint => (a * b) & MASK;
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

function avalanche(hash: bigint): bigint {
  let h = hash ^ (hash >> 33n);
  h = times(h, P2);
  h = times(h ^ (h >> 29n), P3);
  return BigInt.asIntN(64, h ^ (h >> 32n));
}

export function xxhashInt(value: number, seed: bigint): bigint {
  let hash = (unsigned(seed) + P5 + 4n) & MASK;
  hash ^= times(BigInt.asUintN(32, BigInt(value)), P1);
  return avalanche((times(spin(hash, 23n), P2) + P3) & MASK);
}

export function xxhashLong(value: bigint, seed: bigint): bigint {
  let hash = (unsigned(seed) + P5 + 8n) & MASK;
  hash ^= times(spin(times(unsigned(value), P2), 31n), P1);
  return avalanche((times(spin(hash, 27n), P1) + P4) & MASK);
}

const round = (acc: bigint, lane: bigint): bigint => times(spin((acc + times(lane, P2)) & MASK, 31n), P1);

export function xxhashBytes(bytes: Uint8Array, givenSeed: bigint): bigint {
  const seed = unsigned(givenSeed);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash = (seed + P5) & MASK;
  if (bytes.length >= 32) {
    let lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK];
    for (; at + 32 <= bytes.length; at += 32)
      lanes = lanes.map((lane, i) => round(lane, view.getBigUint64(at + i * 8, true)));
    hash = lanes.reduce((sum, lane, i) => (sum + spin(lane, [1n, 7n, 12n, 18n][i] ?? 0n)) & MASK, 0n);
    for (const lane of lanes) hash = (times(hash ^ round(0n, lane), P1) + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8)
    hash = (times(spin(hash ^ round(0n, view.getBigUint64(at, true)), 27n), P1) + P4) & MASK;
  if (at + 4 <= bytes.length) {
    hash = (times(spin(hash ^ times(BigInt(view.getUint32(at, true)), P1), 23n), P2) + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = times(spin(hash ^ times(BigInt(view.getUint8(at)), P5), 11n), P1);
  return avalanche(hash);
}
