// Drawings are in the colours of a theme: when the computer turns to the other one, they are asked for anew.
function taizhangTheme(ask) {
  if (!window.tzAskTheme) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => setTimeout(() => window.tzAskTheme(dark.matches ? "dark" : "light"), 50)); // after the framework
  }
  window.tzAskTheme = ask;
}
