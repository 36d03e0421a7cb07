/** esbuild inlines style sheets as text. */
declare module '*.css' {
  const style: string;
  export default style;
}
