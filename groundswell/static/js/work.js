// A second's work in the background: finds the number that shows the server that somebody waited.
// SHA-256 (FIPS 180-4) over `base` and a number, until the digest begins with enough zero bits.
// `base` is 64 characters, one whole block, so each try costs one round of the function.
"use strict";

const K = new Uint32Array(64);
const START = new Uint32Array(8);

// The constants are the fractional parts of cube and square roots of the first primes.
(() => {
  const isPrime = (number) => {
    for (let each = 2; each * each <= number; each += 1) if (number % each === 0) return false;
    return true;
  };
  const fraction = (number) => Math.floor((number - Math.floor(number)) * 0x100000000);
  for (let found = 0, number = 2; found < 64; number += 1) {
    if (!isPrime(number)) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(number));
    K[found] = fraction(Math.cbrt(number));
    found += 1;
  }
})();

const words = new Uint32Array(64);

function round(state, block) {
  for (let i = 0; i < 16; i += 1) words[i] = block.getUint32(i * 4);
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const next = new Uint32Array(8);
  [a, b, c, d, e, f, g, h].forEach((value, i) => { next[i] = state[i] + value; });
  return next;
}

// The last block of a message of `whole` bytes whose first `whole - tail.length` are done.
function lastBlock(tail, whole) {
  const bytes = new Uint8Array(64);
  bytes.set(tail);
  bytes[tail.length] = 0x80;
  const block = new DataView(bytes.buffer);
  block.setUint32(60, whole * 8);
  return block;
}

const hex = (state) => [...state].map((word) => word.toString(16).padStart(8, "0")).join("");

function digest(bytes) {
  let state = START;
  let at = 0;
  for (; bytes.length - at >= 64; at += 64) {
    state = round(state, new DataView(bytes.buffer, bytes.byteOffset + at, 64));
  }
  const tail = bytes.subarray(at);
  if (tail.length < 56) return round(state, lastBlock(tail, bytes.length));
  const first = new Uint8Array(64);
  first.set(tail);
  first[tail.length] = 0x80;
  state = round(state, new DataView(first.buffer));
  const rest = new DataView(new ArrayBuffer(64));
  rest.setUint32(60, bytes.length * 8);
  return round(state, rest);
}

function find(stamp, email, bits) {
  const encoder = new TextEncoder();
  const base = hex(digest(encoder.encode(`${stamp}:${email.trim()}`)));
  const whole = round(START, new DataView(encoder.encode(base).buffer));
  for (let number = 0; ; number += 1) {
    const tail = encoder.encode(String(number));
    const found = round(whole, lastBlock(tail, 64 + tail.length));
    if (found[0] >>> (32 - bits) === 0) return number;
  }
}

self.addEventListener("message", ({ data }) => {
  self.postMessage({ email: data.email, number: find(data.stamp, data.email, data.bits) });
});
