// Emoji go where one writes. Without this file, the page comes again with the emoji at the end of the text.
for (const choice of document.querySelectorAll("[data-inserts-into]")) {
  const text = document.getElementById(choice.dataset.insertsInto);
  choice.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=emoji]");
    if (!button) return;
    event.preventDefault();
    const gap = /(^|\s)$/.test(text.value.slice(0, text.selectionStart)) ? "" : " ";
    text.setRangeText(`${gap}:${button.value}: `, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });
}
