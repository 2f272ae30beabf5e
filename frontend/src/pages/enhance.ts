/** Wires up all comforts below `root`. Markup asks for each by a data attribute. */
export function enhance(root: Document): void {
  each(root, "input[data-trim]", trimOnLeave);
  each(root, "input[data-localpart]", lowerAsTyped);
  each(root, "button[data-reveal]", revealPassword);
  each(root, "button[data-copy]", copyText);
  each(root, "form[method=post]", sendOnce);
  each(root, "form[data-auto-submit]", (form: HTMLFormElement) => form.requestSubmit());
}

function each<E extends HTMLElement>(root: Document, selector: string, wire: (element: E) => void): void {
  for (const element of root.querySelectorAll<E>(selector)) wire(element);
}

/** Phone keyboards like to add a space after a completed name. */
function trimOnLeave(input: HTMLInputElement): void {
  input.addEventListener("change", () => {
    input.value = input.value.trim();
  });
}

/** Matrix has no capitals in names, and phone keyboards like to begin with one. Of a whole Matrix ID, the name is taken. */
function lowerAsTyped(input: HTMLInputElement): void {
  input.addEventListener("input", () => {
    const lower = input.value.toLowerCase();
    if (lower === input.value) return;
    const { selectionStart, selectionEnd } = input;
    input.value = lower;
    input.setSelectionRange(selectionStart, selectionEnd);
  });
  input.addEventListener("change", () => {
    input.value = input.value.trim().replace(/^@([^:]*):.*$/, "$1");
  });
}

/** `data-reveal` names the password input; the button stays hidden where no script runs. */
function revealPassword(button: HTMLButtonElement): void {
  const input = document.getElementById(button.dataset.reveal ?? "");
  if (!(input instanceof HTMLInputElement)) return;
  const show = (visible: boolean): void => {
    input.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", String(visible));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  // A form must not leave with its password readable: browsers remember the values of text inputs.
  input.form?.addEventListener("submit", () => show(false));
}

/** `data-copy` is the text; `data-copied` what the button says once it is done. */
function copyText(button: HTMLButtonElement): void {
  if (!navigator.clipboard) return;
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    label.textContent = button.dataset.copied ?? before;
    button.addEventListener("blur", () => {
      label.textContent = before;
    });
  });
}

/**
 * A second press while the first is under way does nothing. The buttons are marked, not disabled, so that the
 * pressed one is still part of what is sent; going back to the page frees them.
 */
function sendOnce(form: HTMLFormElement): void {
  const mark = (sending: boolean): void => {
    form.toggleAttribute("data-sending", sending);
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      if (sending) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  };
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sending")) event.preventDefault();
    else mark(true);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) mark(false);
  });
}
