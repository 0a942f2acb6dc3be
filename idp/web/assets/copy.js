// Copy buttons: <button type="button" data-copy="id of the text" data-done="Copied" hidden>.

if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const words = [...button.childNodes];
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.done;
      setTimeout(() => { button.replaceChildren(...words); }, 2000);
    });
    button.hidden = false;
  }
}
