// Keys of the review queue: A approves, Q asks, D declines, N looks at the next one.
// One press is one decision: a held key repeats and is ignored, and so is typing in a field.
document.addEventListener("keydown", (press) => {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return;
  if (press.target.closest("textarea, select, summary, [contenteditable]")) return;
  if (press.target.matches("input:not([type=radio], [type=checkbox])")) return;
  // Where a key gives no Latin letter (Arabic, Cyrillic), its place on the keyboard counts.
  const key = /^[a-z0-9]$/i.test(press.key) ? press.key : press.code.replace(/^(Key|Digit)/, "");
  const chosen = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!chosen) return;
  press.preventDefault();
  chosen.click();
});
