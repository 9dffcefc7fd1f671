/** The bundler takes these in as text. */
declare module '*.yml' {
  const text: string;
  export = text;
}
