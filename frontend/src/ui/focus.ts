/** Brings whoever navigates by keyboard or ear to the heading of the screen. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("h1")?.focus();
}
