// A button for what people would mark and copy by hand. Without this file there is no button.
for (const button of document.querySelectorAll("[data-copies]")) {
  const shown = document.querySelector(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(shown.textContent);
    button.parentElement.querySelector("[role=status]").textContent = "Copied.";
  });
}
