/** One line for each broken rule, in the order of the files. */
export function checkHouse(src: string): string[];
