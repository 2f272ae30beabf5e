// What the tools that photograph screens make of the pictures.

/**
 * A picture as WebP without loss, but for rare colours, which become the nearest of the most frequent ones: a fifth of what it
 * weighs as PNG. The browser does it, on a page of its own.
 *
 * @param {import("playwright-core").Page} darkroom
 * @param {Buffer} png
 */
export async function develop(darkroom, png) {
  const url = await darkroom.evaluate(async (data) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    const picture = context.getImageData(0, 0, image.width, image.height);
    const pixels = new Uint32Array(picture.data.buffer);

    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const palette = [...counts].sort(([, one], [, other]) => other - one).slice(0, 48);
    const parts = (/** @type {number} */ pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    const nearest = (/** @type {number} */ pixel) => {
      const wanted = parts(pixel);
      let [best, least] = [pixel, Number.POSITIVE_INFINITY];
      for (const [candidate] of palette) {
        const distance = parts(candidate).reduce((sum, part, at) => sum + (part - (wanted[at] ?? 0)) ** 2, 0);
        if (distance < least) [best, least] = [candidate, distance];
      }
      return best;
    };
    const replaced = new Map([...counts.keys()].map((pixel) => [pixel, nearest(pixel)]));
    pixels.forEach((pixel, at) => {
      pixels[at] = replaced.get(pixel) ?? pixel;
    });
    context.putImageData(picture, 0, 0);
    return canvas.toDataURL("image/webp", 1);
  }, png.toString("base64"));
  return Buffer.from(url.split(",")[1] ?? "", "base64");
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
