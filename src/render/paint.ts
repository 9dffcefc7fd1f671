import { styleText } from 'node:util';

/** Colours for a terminal, or none: never the only sign of anything. */
export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (colour, text) => styleText(colour, text, { validateStream: false });
