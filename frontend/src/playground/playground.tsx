/**
 * GraphiQL, where an operator has turned it on (`playground` of the listener resource `graphql`). It asks the endpoint that the
 * page names, as whoever is signed in in this browser, or by a token in its header editor, which nothing remembers.
 */
import "graphiql/style.css";
import "./playground.css";
import { GraphiQL, type GraphiQLProps } from "graphiql";
import { createRoot } from "react-dom/client";

const mount = document.getElementById("playground");
if (!mount) throw new Error("the page has no #playground");
const endpoint = mount.dataset.endpoint ?? "../graphql";

const fetcher: GraphiQLProps["fetcher"] = async (question, options) => {
  const headers = { ...options?.headers, "content-type": "application/json" };
  const answer = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(question) });
  return await answer.json();
};

createRoot(mount).render(<GraphiQL fetcher={fetcher} shouldPersistHeaders={false} />);
