/**
 * Comforts for the server-rendered pages. Every page works without this file; nothing here decides anything.
 */
import "./pages.css";
import { enhance } from "./enhance";

enhance(document);
