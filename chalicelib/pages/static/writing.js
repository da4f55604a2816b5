// Spares a reload where one writes. The page does all of it without this file.

// Emoji go where the cursor is. Else they come at the end of the text.
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

// Files that are too large are not sent, since the text would go with them.
for (const form of document.querySelectorAll("[data-most-bytes]")) {
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]);
    const warning = form.querySelector("[data-too-large]");
    warning.hidden = files.reduce((sum, file) => sum + file.size, 0) <= Number(form.dataset.mostBytes);
    if (warning.hidden) return;
    event.preventDefault();
    warning.focus();
  });
}
