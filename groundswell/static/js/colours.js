// The preview of two colours while somebody types: the server judges them, this only shows it.
const form = document.querySelector("form[data-preview]");
const shown = document.getElementById("colours-preview");
let waiting = 0;

async function look() {
  const typed = new URLSearchParams(new FormData(form));
  typed.delete("csrfmiddlewaretoken");
  const answer = await fetch(`${form.dataset.preview}?${typed}`);
  if (!answer.ok) return;
  const found = await answer.json();
  shown.querySelector("[data-part=poster]").setAttribute("fill", found.poster);
  shown.querySelector("[data-part=call]").setAttribute("fill", found.call);
  shown.querySelector("[data-part=verdict]").textContent = found.verdict;
  shown.querySelector("[data-part=good]").hidden = !found.is_good;
  shown.querySelector("[data-part=bad]").hidden = found.is_good;
}

if (form && shown) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 300);
  });
}
