import { RE2JS } from 're2js';

/**
 * The limits on patterns, which are untrusted: a pull request's lock may contain any. RE2 matches in linear
 * time where RegExp takes seconds for `^(a+)+$`. But counted repetitions multiply: 800 characters can become
 * 800,000 instructions, which take seconds and hundreds of megabytes to compile. So regsync estimates the
 * size first, and compiles each pattern once in a run.
 */

const MAX_PATTERN = 1_000;
const MAX_INSTRUCTIONS = 10_000;
/** The limit is about half a second for a value. */
const MAX_STEPS = 2_500_000;
/** The limit on compiled patterns in the cache is some ten megabytes. */
const MAX_KEPT_INSTRUCTIONS = 200_000;

/** Returns whether the whole text matches, or null if the pattern is invalid or too costly. */
export function matchesPattern(regex: string, foldsCase: boolean, text: string): boolean | null {
  const pattern = compileOnce(regex, foldsCase);
  if (pattern === null || pattern.programSize() * text.length > MAX_STEPS) return null;
  return pattern.matches(text);
}

/** Returns whether a part of the text matches, or null if the pattern is invalid or too costly. */
export function containsPattern(regex: string, text: string): boolean | null {
  const pattern = compileOnce(regex, false);
  if (pattern === null || pattern.programSize() * text.length > MAX_STEPS) return null;
  return pattern.matcher(text).find();
}

/** Returns false for a pattern that is invalid or too costly to compile. */
export function isUsablePattern(regex: string): boolean {
  return compileOnce(regex, false) !== null;
}

const compiled = new Map<string, RE2JS | null>();
let keptInstructions = 0;

function compileOnce(regex: string, foldsCase: boolean): RE2JS | null {
  const key = `${foldsCase ? 'i' : 's'}${regex}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const pattern = compile(regex, foldsCase);
  const size = pattern?.programSize() ?? 1;
  if (keptInstructions + size > MAX_KEPT_INSTRUCTIONS) {
    compiled.clear();
    keptInstructions = 0;
  }
  keptInstructions += size;
  compiled.set(key, pattern);
  return pattern;
}

function compile(regex: string, foldsCase: boolean): RE2JS | null {
  if (regex.length > MAX_PATTERN || estimateProgramSize(regex) > MAX_INSTRUCTIONS) return null;
  try {
    return RE2JS.compile(regex, foldsCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    return null;
  }
}

/**
 * Returns an upper bound of the compiled program's size, which is close for patterns as people write them.
 */
export function estimateProgramSize(regex: string): number {
  return AMBIGUOUS.test(regex) ? estimateRoughly(regex) : new Estimate(regex).whole() + OVERHEAD;
}

const OVERHEAD = 8;

/** Matches patterns in which the next bracket may not end the class or quotation. */
const AMBIGUOUS = /\\Q|\[\^?\]|\[:/;

/** Estimates as if a repetition contained the whole pattern. RE2 refuses nested ones above 1,000 in all. */
function estimateRoughly(regex: string): number {
  let repeats = 1;
  for (const [, least = '', most = ''] of regex.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    repeats = Math.min(repeats * Math.max(1, Number(least) + 1, Number(most)), 1_000);
  }
  return COST_OF_CHARACTER * regex.length * repeats + OVERHEAD;
}

const COST_OF_CHARACTER = 4;

/** A group costs one instruction for its begin, one for its end, and one for even empty content. */
const COST_OF_GROUP = 3;

const REPETITION = /\{(\d+)(,(\d*))?\}/y;

/** Adds up the parts of a pattern, innermost first. */
class Estimate {
  readonly #regex: string;
  #at = 0;

  constructor(regex: string) {
    this.#regex = regex;
  }

  /** Returns the size of the whole pattern, even one with unbalanced brackets, which does not compile. */
  whole(): number {
    let size = 0;
    while (this.#at < this.#regex.length) size += this.#alternatives();
    return size;
  }

  /** Returns the size of alternatives up to the parenthesis that ends them. */
  #alternatives(): number {
    let size = 0;
    while (this.#at < this.#regex.length) {
      const character = this.#regex[this.#at];
      if (character === ')') {
        this.#at++;
        return size;
      }
      size += character === '|' ? this.#skip(2) : this.#repeated(this.#atom());
    }
    return size;
  }

  #skip(cost: number): number {
    this.#at++;
    return cost;
  }

  #atom(): number {
    switch (this.#regex[this.#at]) {
      case '(':
        this.#at++;
        return COST_OF_GROUP + this.#alternatives();
      case '[':
        return this.#class();
      case '\\':
        this.#at++;
        return this.#skip(1);
      default:
        return this.#skip(1);
    }
  }

  #class(): number {
    this.#at++;
    while (this.#at < this.#regex.length && this.#regex[this.#at] !== ']') {
      this.#at += this.#regex[this.#at] === '\\' ? 2 : 1;
    }
    return this.#skip(1);
  }

  /** Returns the size with all repetitions that follow. More than one does not compile. */
  #repeated(atom: number): number {
    let size = atom;
    for (;;) {
      REPETITION.lastIndex = this.#at;
      const counted = REPETITION.exec(this.#regex);
      if (counted !== null) {
        const [written, least = '', range, most = ''] = counted;
        this.#at += written.length;
        size = repeatedSize(
          size,
          Number(least),
          range === undefined ? Number(least) : Number(most),
          range !== undefined && most === '',
        );
      } else if (/[*+?]/.test(this.#regex[this.#at] ?? '')) {
        size += this.#skip(2);
      } else {
        return size;
      }
    }
  }
}

function repeatedSize(size: number, least: number, most: number, isOpen: boolean): number {
  if (isOpen) return (least + 1) * size + 2;
  return Math.max(1, most) * (size + (most > least ? 1 : 0));
}
