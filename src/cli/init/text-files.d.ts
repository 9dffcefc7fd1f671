/** The bundler imports these files as text. */
declare module '*.yml' {
  const text: string;
  export = text;
}
