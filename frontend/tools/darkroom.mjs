// What the tools that photograph screens make of the pictures.

/** Few enough that letters stay sharp and a picture weighs little. */
const COLOURS = 16;

/**
 * A picture as lossless WebP with sixteen colours, a fraction of what it weighs with all of them. They are those that stand out
 * most where there is most of them; all others become the nearest one.
 *
 * @param {import("playwright-core").Page} darkroom A page that a picture can be read on.
 * @param {Buffer} png
 */
export async function develop(darkroom, png) {
  return Buffer.from(
    await darkroom.evaluate(reduce, { data: png.toString("base64"), colours: COLOURS }),
    "base64",
  );
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
  const drawn = context.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(drawn.data.buffer);

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

  const nearest = new Map(
    all.map(({ pixel, index }) => {
      const [red = 0, green = 0, blue = 0] = palette.slice(3 * index, 3 * index + 3);
      return [pixel, ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0];
    }),
  );
  pixels.forEach((pixel, at) => {
    pixels[at] = nearest.get(pixel) ?? pixel;
  });
  context.putImageData(drawn, 0, 0);
  // In this quality Chromium loses nothing.
  const picture = await context.canvas.convertToBlob({ type: "image/webp", quality: 1 });
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
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
          const src = `${name}-${screen}-${scheme}.webp`;
          return `<img src="${src}" alt="${name}, ${screen}, ${scheme}" width="${Math.round(width / 3)}">`;
        }),
      )
      .join(" ");
  return [...text, ...names.flatMap((name) => ["", `## ${name}`, "", row(name)]), ""].join("\n");
}
