/** wrangler and the test plugin hand a .wasm import over as a compiled module. */
declare module "*.wasm" {
  const compiled: WebAssembly.Module;
  export default compiled;
}
