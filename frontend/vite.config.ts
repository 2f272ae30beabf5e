import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Puts a file into the bundle under a hashed name, although no script or style sheet asks for it. */
function emit(file: string): Plugin {
  return {
    name: "emit",
    apply: "build",
    buildStart() {
      const name = file.slice(file.lastIndexOf("/") + 1);
      this.emitFile({ type: "asset", name, originalFileName: file, source: readFileSync(file) });
    },
  };
}

/** Writes `.br` and `.gz` beside everything that has a hashed name, so that no request pays for it. */
function precompress(): Plugin {
  const brotli = promisify(brotliCompress);
  const gz = promisify(gzip);
  return {
    name: "precompress",
    apply: "build",
    enforce: "post",
    async generateBundle(_options, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        if (!/^assets\/.*\.(css|js|svg)$/.test(fileName)) continue;
        const plain = Buffer.from(file.type === "chunk" ? file.code : file.source);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        this.emitFile({ type: "asset", fileName: `${fileName}.br`, source: await brotli(plain, { params }) });
        this.emitFile({ type: "asset", fileName: `${fileName}.gz`, source: await gz(plain, { level: 9 }) });
      }
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [emit("src/mark/favicon.svg"), precompress()],
  build: {
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // No data: URLs: the pages' Content-Security-Policy has no room for them.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["src/pages/pages.ts", "src/doc/doc.ts"] },
  },
});
