/**
 * The API where the page is. The document names the public base, and a listener that only administrators reach need not be found
 * there.
 */
interface Document {
  servers?: { url: string }[];
}

type Take = (document: Document) => unknown;

/** A plugin for Swagger UI; `page` is the address of the page. */
export function here(page: string) {
  const url = new URL("../..", page).href.replace(/\/$/, "");
  const updateJsonSpec = (take: Take) => (document: Document) => take({ ...document, servers: [{ url }] });
  return () => ({ statePlugins: { spec: { wrapActions: { updateJsonSpec } } } });
}
