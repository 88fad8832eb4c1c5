/** Letters that have a form of their own at the start of a word, or none. */
const TITLES: Readonly<Record<string, string | undefined>> = {
  ǆ: 'ǅ',
  ǅ: 'ǅ',
  ǉ: 'ǈ',
  ǈ: 'ǈ',
  ǌ: 'ǋ',
  ǋ: 'ǋ',
  ǳ: 'ǲ',
  ǲ: 'ǲ',
  ŉ: 'ʼN',
};

function titleCase(letter: string): string {
  const known = TITLES[letter];
  if (known !== undefined || /[\u10d0-\u10ff]/.test(letter)) return known ?? letter;
  const [first = '', ...rest] = [...letter.toUpperCase()];
  return first + rest.join('').toLowerCase();
}

/** Every word with a large letter at its start, and small ones behind. */
export function initcap(text: string): string {
  return text
    .toLowerCase()
    .split(' ')
    .map((word) => {
      const [first = '', ...rest] = [...word];
      return titleCase(first) + rest.join('');
    })
    .join(' ');
}
