const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether JSON in UTF-8 has more than `most` bytes beside its texts. Looks no further than it must. */
export function hasMoreStructure(json: Buffer, most: number): boolean {
  let [bytes, isInText] = [0, false];
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (isInText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) isInText = false;
      continue;
    }
    if (byte === QUOTE) isInText = true;
    bytes += 1;
    if (bytes > most) return true;
  }
  return false;
}
