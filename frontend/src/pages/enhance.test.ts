// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { enhance } from "./enhance";

function page(html: string): void {
  document.body.innerHTML = html;
  enhance(document);
}

function get<E extends HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`no ${selector} on the page`);
  return found;
}

/** Submits as a press would, and tells whether the page let it go. */
function press(form: HTMLFormElement): boolean {
  return form.dispatchEvent(new Event("submit", { cancelable: true }));
}

beforeEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

test("a name loses the spaces around it, not those within", () => {
  page(`<input data-trim value=" alice smith ">`);
  get("input").dispatchEvent(new Event("change"));
  expect(get<HTMLInputElement>("input").value).toBe("alice smith");
});

test("a username is small letters, also of a whole Matrix ID", () => {
  page(`<input data-localpart value="@Alice:example.org">`);
  const input = get<HTMLInputElement>("input");
  input.dispatchEvent(new Event("input"));
  expect(input.value).toBe("@alice:example.org");
  input.dispatchEvent(new Event("change"));
  expect(input.value).toBe("alice");
});

test("the password can be shown, and is hidden again before the form leaves", () => {
  page(`<form method="post"><input id="p" type="password">
    <button type="button" data-reveal="p" aria-pressed="false" hidden></button></form>`);
  const [input, button] = [get<HTMLInputElement>("#p"), get<HTMLButtonElement>("button")];
  expect(button.hidden).toBe(false);

  button.click();
  expect([input.type, button.getAttribute("aria-pressed")]).toEqual(["text", "true"]);

  press(get("form"));
  expect([input.type, button.getAttribute("aria-pressed")]).toEqual(["password", "false"]);
});

test("a form goes out once, and again after coming back to the page", () => {
  page(`<form method="post"><button name="action" value="allow">Allow</button></form>`);
  const [form, button] = [get<HTMLFormElement>("form"), get<HTMLButtonElement>("button")];
  expect([press(form), press(form)]).toEqual([true, false]);
  expect([button.getAttribute("aria-disabled"), button.disabled]).toEqual(["true", false]);

  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect([button.getAttribute("aria-disabled"), press(form)]).toEqual([null, true]);
});

test("searching forms may be sent as often as one likes", () => {
  page(`<form method="get"><button>Search</button></form>`);
  expect([press(get("form")), press(get("form"))]).toEqual([true, true]);
});

test("the response form sends itself", () => {
  const submit = vi.spyOn(HTMLFormElement.prototype, "requestSubmit").mockImplementation(() => {});
  page(`<form method="post" action="https://app.example" data-auto-submit></form>`);
  expect(submit).toHaveBeenCalledOnce();
});

test("copying says so until the button is left", async () => {
  const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  page(`<button data-copy="01JABC" data-copied="Copied" hidden><span>Copy</span></button>`);
  const button = get<HTMLButtonElement>("button");
  button.click();
  await vi.waitFor(() => expect(button.textContent).toBe("Copied"));
  expect(writeText).toHaveBeenCalledWith("01JABC");

  button.dispatchEvent(new Event("blur"));
  expect(button.textContent).toBe("Copy");
});
