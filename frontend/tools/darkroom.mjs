// What the tools that photograph screens make of the pictures.
import { crc32, deflateSync } from "node:zlib";

/** As many colours as fit into half a byte. */
const COLOURS = 16;

/**
 * A picture as PNG with sixteen colours, a third of what it weighs with all of them. They are those that stand out most where
 * there is most of them; all others become the nearest one.
 *
 * @param {import("playwright-core").Page} darkroom A page that a picture can be read on.
 * @param {Buffer} png
 */
export async function develop(darkroom, png) {
  const { width, height, palette, rows } = await darkroom.evaluate(reduce, {
    data: png.toString("base64"),
    colours: COLOURS,
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 3], 8); // bits for each pixel, which is an index into the palette
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette)),
    chunk("IDAT", deflateSync(Buffer.from(rows, "latin1"), { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const [length, sum, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type), data])];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/**
 * Runs in the browser, which can read pictures.
 *
 * @param {{ data: string; colours: number }} from
 */
async function reduce({ data, colours }) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (!context) throw new Error("no canvas");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);

  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (/** @type {number} */ pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const all = [...counts].map(([pixel, count]) => ({ pixel, count, far: 3 * 255 ** 2, index: 0 }));
  /** @type {number[]} */
  const palette = [];
  while (palette.length < 3 * Math.min(colours, all.length)) {
    // What counts most of all that is still far from any that is chosen; at first that is the most frequent one.
    const next = all.reduce((one, other) => (other.count * other.far > one.count * one.far ? other : one));
    const wanted = parts(next.pixel);
    for (const one of all) {
      const far = parts(one.pixel).reduce((sum, part, at) => sum + (part - (wanted[at] ?? 0)) ** 2, 0);
      if (far < one.far) [one.far, one.index] = [far, palette.length / 3];
    }
    palette.push(...wanted);
  }

  const indices = new Map(all.map(({ pixel, index }) => [pixel, index]));
  let rows = "";
  for (let y = 0; y < height; y++) {
    rows += "\0"; // the filter: none
    for (let x = 0; x < width; x += 2) {
      const [left, right] = [x, x + 1].map((at) =>
        at < width ? (indices.get(pixels[y * width + at] ?? 0) ?? 0) : 0,
      );
      rows += String.fromCharCode(((left ?? 0) << 4) | (right ?? 0));
    }
  }
  return { width, height, palette, rows };
}

/**
 * A page in Markdown that shows all pictures, one line for each screen.
 *
 * @param {string[]} text
 * @param {string[]} names
 * @param {{ screens: { name: string; width: number }[]; schemes: string[] }} kinds
 */
export function index(text, names, { screens, schemes }) {
  const row = (/** @type {string} */ name) =>
    screens
      .flatMap(({ name: screen, width }) =>
        schemes.map((scheme) => {
          const src = `${name}-${screen}-${scheme}.png`;
          return `<img src="${src}" alt="${name}, ${screen}, ${scheme}" width="${Math.round(width / 3)}">`;
        }),
      )
      .join(" ");
  return [...text, ...names.flatMap((name) => ["", `## ${name}`, "", row(name)]), ""].join("\n");
}
