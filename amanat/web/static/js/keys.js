// What carries data-key is pressed by that key, in any digits: buttons are clicked, links followed, fields entered. Not while somebody types.
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/), key = digit ? digit[1] : event.key.toLowerCase();
  const wanted = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input, textarea")) wanted.focus();
  else wanted.click();
});
