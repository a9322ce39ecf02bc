// The numbers of a segment while somebody changes its rows: the server counts, this only shows it.
"use strict";

const form = document.querySelector("form[data-segment]");
let waiting = 0;
let asked = 0;

function show(name, text) {
  const place = form.querySelector(`[data-part="${CSS.escape(name)}"]`);
  if (!place) return;
  place.textContent = text;
  if (name.startsWith("wrong-")) place.hidden = !text;
  if (name.startsWith("left-")) place.parentElement.hidden = !text;
}

function showLanguages(languages) {
  const split = form.querySelector("[data-split]");
  split.hidden = false;
  for (const old of split.querySelectorAll("[data-language]")) old.remove();
  for (const { name, count } of languages) {
    const row = document.createElement("div");
    row.dataset.language = "";
    const [term, value, word] = ["dt", "dd", "bdi"].map((tag) => document.createElement(tag));
    word.textContent = name;
    value.textContent = count;
    term.append(word);
    row.append(term, value);
    split.append(row);
  }
}

// Names and answers that were found for other rows are no answer to these.
function putOldAway() {
  for (const old of form.querySelectorAll("[data-old]")) old.hidden = true;
  for (const stale of form.querySelectorAll("[data-stale]")) stale.hidden = false;
}

async function counted(typed) {
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      body: typed,
      headers: { Accept: "application/json" },
    });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    return isOurs ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function recount() {
  const mine = ++asked;
  const typed = new FormData(form);
  typed.set("do", "look");
  const slow = setTimeout(() => show("total", form.dataset.counting), 400);
  const found = await counted(typed);
  clearTimeout(slow);
  if (mine !== asked) return;
  if (!found) {
    show("total", form.dataset.lost);
    return;
  }
  for (const [name, text] of Object.entries(found.parts)) show(name, text);
  putOldAway();
  if (!found.languages) return;
  showLanguages(found.languages);
  form.dispatchEvent(new CustomEvent("segment:counted", { detail: found.fields }));
}

if (form) {
  form.addEventListener("change", (changed) => {
    if (!changed.target.name?.startsWith("row")) return;
    clearTimeout(waiting);
    waiting = setTimeout(recount, 300);
  });
}
