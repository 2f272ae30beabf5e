/** The app before a made-up account: `npm run dev`, or `?scene=…` as the gallery asks for it. Not part of what is served. */
import { Backend } from "./backend";
import { scenes } from "./scenes";
import { NOW } from "./seed";

const backend = new Backend();
const wanted = new URLSearchParams(location.search).get("scene") ?? sessionStorage.getItem("scene");
const scene = scenes.find(({ name }) => name === wanted);
if (scene) {
  scene.prepare?.(backend);
  // Times in the pictures stay as they are.
  const offset = NOW.getTime() - Date.now();
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...values: []) {
      if (values.length > 0) super(...values);
      else super(RealDate.now() + offset);
    }

    static override now() {
      return RealDate.now() + offset;
    }
  } as DateConstructor;
  history.replaceState(null, "", `/account/${scene.path}`);
}
window.fetch = backend.fetch as typeof fetch;
await import("../main");
