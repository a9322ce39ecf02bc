// How far a piece of work is, while the page stays open: the server says it, this only shows it.
// Once it is over the page is loaded anew, for it then says what came of it.
const place = document.querySelector("[data-progress]");
const EVERY = 2000; // ms

async function look() {
  if (document.hidden) return;
  let told = null;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "application/json" } });
    told = await answer.json();
  } catch {
    return; // no line, or signed out: the link on the page remains
  }
  if (told.is_over) {
    clearInterval(asking);
    location.replace(location.pathname);
    return;
  }
  place.querySelector("[role=status]").textContent = told.words;
  place.querySelector(".meter rect").setAttribute("width", told.width);
}

const asking = place ? setInterval(look, EVERY) : 0;
