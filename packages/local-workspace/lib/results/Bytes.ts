/** A growing byte buffer. */
export class Bytes {
  private buffer: Buffer;
  length = 0;

  constructor(capacity = 1024) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** Makes room for `count` more bytes and returns where they begin. */
  extend(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, at);
      this.buffer = larger;
    }
    return at;
  }

  append(part: Uint8Array): void {
    const at = this.extend(part.length);
    this.buffer.set(part, at);
  }

  get view(): Buffer {
    return this.buffer;
  }

  /** The bytes written, on an 8-byte boundary so that typed arrays can lie over them. */
  finish(): Uint8Array {
    const aligned = new Uint8Array(new ArrayBuffer(Math.ceil(this.length / 8) * 8));
    aligned.set(this.buffer.subarray(0, this.length));
    return aligned.subarray(0, this.length);
  }
}

/** A growing bitmap, least significant bit first. */
export class Bits {
  private readonly bytes = new Bytes(256);
  length = 0;
  zeros = 0;

  push(bit: boolean): void {
    if ((this.length & 7) === 0) {
      const at = this.bytes.extend(1);
      this.bytes.view[at] = 0;
    }
    const index = this.length >> 3;
    if (bit) this.bytes.view[index] = (this.bytes.view[index] ?? 0) | (1 << (this.length & 7));
    else this.zeros += 1;
    this.length += 1;
  }

  pushOnes(count: number): void {
    let left = count;
    while (left > 0 && (this.length & 7) !== 0) {
      this.push(true);
      left -= 1;
    }
    const whole = left >> 3;
    if (whole > 0) {
      const at = this.bytes.extend(whole);
      this.bytes.view.fill(0xff, at, at + whole);
      this.length += whole * 8;
      left -= whole * 8;
    }
    for (; left > 0; left--) this.push(true);
  }

  finish(): Uint8Array {
    return this.bytes.finish();
  }
}
