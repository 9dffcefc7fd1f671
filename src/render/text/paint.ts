import { styleText } from 'node:util';

/** The colours for a terminal, which are never the only sign of anything. */
export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (colour, text) => styleText(colour, text, { validateStream: false });
