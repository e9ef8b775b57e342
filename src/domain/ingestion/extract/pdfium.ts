/** The PDF engine: PDFium's wasm with the few host functions it asks for, without the package's 265 KB of glue. */

/** What we call of PDFium's C interface (fpdfview.h, fpdf_text.h, fpdf_doc.h); pointers and handles are numbers. */
export type Pdfium = {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(pointer: number): void;
  FPDF_LoadMemDocument64(data: number, bytes: number, password: number): number;
  FPDF_CloseDocument(document: number): void;
  FPDF_GetLastError(): number;
  FPDF_GetPageCount(document: number): number;
  FPDF_GetMetaText(document: number, tag: number, buffer: number, bytes: number): number;
  FPDF_LoadPage(document: number, index: number): number;
  FPDF_ClosePage(page: number): void;
  FPDF_GetPageHeightF(page: number): number;
  FPDF_GetPageWidthF(page: number): number;
  FPDFPage_CountObjects(page: number): number;
  FPDFPage_GetObject(page: number, index: number): number;
  FPDFPageObj_GetType(object: number): number;
  FPDFText_LoadPage(page: number): number;
  FPDFText_ClosePage(text: number): void;
  FPDFText_CountChars(text: number): number;
  FPDFText_GetUnicode(text: number, index: number): number;
  FPDFText_HasUnicodeMapError(text: number, index: number): number;
  FPDFText_GetFontSize(text: number, index: number): number;
  FPDFText_GetFontWeight(text: number, index: number): number;
  FPDFText_GetFontInfo(text: number, index: number, buffer: number, bytes: number, flags: number): number;
  FPDFText_GetCharBox(
    text: number,
    index: number,
    left: number,
    right: number,
    bottom: number,
    top: number,
  ): number;
  FPDFText_GetMatrix(text: number, index: number, matrix: number): number;
  FPDFBookmark_GetFirstChild(document: number, bookmark: number): number;
  FPDFBookmark_GetNextSibling(document: number, bookmark: number): number;
  FPDFBookmark_GetTitle(bookmark: number, buffer: number, bytes: number): number;
  FPDFBookmark_GetDest(document: number, bookmark: number): number;
  FPDFDest_GetDestPageIndex(document: number, destination: number): number;
};

type Internal = Pdfium & {
  __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init?(): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(pointer: number): void;
  setThrew(threw: number, value: number): void;
  FPDF_InitLibrary(): void;
};

/** Wasm memory never shrinks: an instance that grew past this is not used again. Bytes. */
const KEEP_BELOW = 48 * 1024 * 1024;
/** No document may take more than this, or the isolate (128 MB) would go down with it. */
export const MEMORY_MAX = 104 * 1024 * 1024;

const EBADF = 8;
const ENOSYS = -52;

let compiled: Promise<WebAssembly.Module> | undefined;
let instance: Pdfium | undefined;
/** The memories that asked for more than they may have. */
const full = new WeakSet<WebAssembly.Memory>();

/** An instance ready for a document. Give it back with {@link release}. */
export async function acquire(): Promise<Pdfium> {
  compiled ??= load();
  const ready = instance ?? start(await compiled);
  instance = undefined;
  return ready;
}

/** Keeps the instance for the next document unless it has grown; after a trap, do not call this. */
export function release(pdfium: Pdfium): void {
  full.delete(pdfium.memory);
  if (pdfium.memory.buffer.byteLength <= KEEP_BELOW) instance = pdfium;
}

/** Was it memory that ran out? */
export const isFull = ({ memory }: Pdfium): boolean => full.has(memory);

/** workerd may not compile at run time and gets a compiled module; Node (eval, bench) compiles the file. */
async function load(): Promise<WebAssembly.Module> {
  if (navigator.userAgent === "Cloudflare-Workers") {
    return (await import("@hyzyla/pdfium/pdfium.wasm")).default;
  }
  /* istanbul ignore next -- see compileInNode @preserve */
  return compileInNode();
}

/* istanbul ignore next -- Node's side, which the tests in workerd cannot enter; eval and bench read PDFs with it. @preserve */
async function compileInNode(): Promise<WebAssembly.Module> {
  const [{ readFile }, { fileURLToPath }] = await Promise.all([
    import("node:fs/promises"),
    import("node:url"),
  ]);
  const bytes = await readFile(fileURLToPath(import.meta.resolve("@hyzyla/pdfium/pdfium.wasm")));
  // The types are those of workerd, where this does not exist.
  const { compile } = WebAssembly as unknown as { compile(source: Uint8Array): Promise<WebAssembly.Module> };
  return compile(bytes);
}

function start(module: WebAssembly.Module): Pdfium {
  let exported: Internal;
  // PDFium leaves errors of its image and font libraries by longjmp, which reaches us as a thrown number.
  const invoke =
    () =>
    (index: number, ...args: number[]) => {
      const stack = exported.emscripten_stack_get_current();
      try {
        return exported.__indirect_function_table.get(index)(...args);
      } catch (thrown) {
        exported._emscripten_stack_restore(stack);
        if (typeof thrown !== "number") throw thrown;
        exported.setThrew(1, 0);
        return 0;
      }
    };
  const grow = (bytes: number) => {
    const size = exported.memory.buffer.byteLength;
    if (bytes > MEMORY_MAX) {
      full.add(exported.memory);
      return 0;
    }
    const wanted = Math.min(MEMORY_MAX, Math.max(bytes, size + 8 * 1024 * 1024));
    exported.memory.grow(Math.ceil((wanted - size) / 65536));
    return 1;
  };
  const env: Record<string, WebAssembly.ImportValue> = {
    emscripten_resize_heap: (bytes: number) => grow(bytes >>> 0),
    _emscripten_throw_longjmp: () => {
      throw Number.POSITIVE_INFINITY;
    },
    _abort_js: () => {
      throw new WebAssembly.RuntimeError("aborted");
    },
  };
  const wasi: Record<string, WebAssembly.ImportValue> = {};
  // There is no file system, clock or environment in there: whatever else it asks for fails politely.
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === "env")
      env[name] ??= name.startsWith("invoke_") ? invoke() : () => (name.startsWith("__syscall") ? ENOSYS : 0);
    else
      wasi[name] = name === "environ_sizes_get" ? zeroSizes : name === "environ_get" ? () => 0 : () => EBADF;
  }
  function zeroSizes(count: number, size: number): number {
    const view = new DataView(exported.memory.buffer);
    view.setUint32(count, 0, true);
    view.setUint32(size, 0, true);
    return 0;
  }
  exported = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: wasi })
    .exports as unknown as Internal;
  exported.emscripten_stack_init?.();
  exported.__wasm_call_ctors();
  exported.FPDF_InitLibrary();
  return exported;
}
