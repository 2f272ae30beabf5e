import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { compiled, files, languages } from "./tools/texts.mjs";

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
    // From what lies on the disk: Vite still changes scripts after other plugins have seen the last of them.
    async writeBundle({ dir = "" }, bundle) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      for (const name of Object.keys(bundle).filter((name) => /^assets\/.*\.(css|js|svg)$/.test(name))) {
        const file = join(dir, name);
        const plain = await readFile(file);
        await writeFile(`${file}.br`, await brotli(plain, { params }));
        await writeFile(`${file}.gz`, await gz(plain, { level: 9 }));
      }
    },
  };
}

/**
 * `virtual:texts`: the app's words by language, parsed already. Each language is two chunks: `virtual:texts/de` has what the
 * first screen says, `virtual:texts/de/rest` what the others do.
 */
function texts(): Plugin {
  const prefix = "virtual:texts";
  return {
    name: "texts",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [, language, part] = id.split("/");
      if (language) {
        for (const file of files(language)) this.addWatchFile(fileURLToPath(file));
        return `export default ${JSON.stringify(compiled(language, part === "rest" ? "rest" : "first"))}`;
      }
      const entries = (part: string) =>
        languages().map((tag) => `${JSON.stringify(tag)}: () => import("${prefix}/${tag}${part}")`);
      return `export const first = {${entries("").join(", ")}};
        export const rest = {${entries("/rest").join(", ")}};`;
    },
  };
}

export default defineConfig({
  base: "./",
  // schema.graphql lies above.
  server: { fs: { allow: [".."] } },
  // Long enough for a machine that has other things to do as well.
  test: { env: { TZ: "UTC", DEBUG_PRINT_LIMIT: "0" }, testTimeout: 20_000 },
  plugins: [texts(), emit("src/mark/favicon.svg"), precompress()],
  build: {
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // No data: URLs: the pages' Content-Security-Policy has no room for them.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/pages/pages.ts", "src/doc/doc.ts", "src/main.tsx", "src/playground/playground.tsx"],
      onwarn(warning, warn) {
        // Libraries mark what may not run on a server; nothing of this does.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
});
