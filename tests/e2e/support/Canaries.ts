import { randomBytes } from 'node:crypto';

/** Unique words, each planted in one place where data of the application stands, that must never turn up anywhere else. */
export class Canaries {
  private readonly places = new Map<string, string>();

  /** A new word for `place`: lower case, an identifier, part of a token or path wherever one is needed. */
  plant(place: string): string {
    const word = `cnry${randomBytes(8).toString('hex')}`;
    this.places.set(word, place);
    return word;
  }

  get count(): number {
    return this.places.size;
  }

  /** The places whose words are in `text`: as they are, in any case, URI-encoded, in hexadecimal or in Base64. */
  foundIn(text: string): string[] {
    const lower = text.toLowerCase();
    return [...this.places]
      .filter(
        ([word]) =>
          lower.includes(word) ||
          lower.includes(Buffer.from(word).toString('hex')) ||
          base64Forms(word).some((form) => text.includes(form)),
      )
      .map(([, place]) => place);
  }
}

/** What a word looks like inside a longer text in Base64: one form for each alignment, without the uncertain ends. */
function base64Forms(word: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${' '.repeat(shift)}${word}`).toString('base64');
    return encoded.slice(shift === 0 ? 0 : shift + 1, -4);
  });
}
