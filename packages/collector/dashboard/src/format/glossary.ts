import { dictionary } from './dictionary';

/** Words that not everybody knows. Whatever is called by one of them says what it means. */
export const GLOSSARY = dictionary('words');

/** What `name` means, where it is, or begins with, such a word. */
export const meaningOfWord = (name: string): string | undefined => GLOSSARY.get(/^p\d\d/.exec(name)?.[0] ?? name);
