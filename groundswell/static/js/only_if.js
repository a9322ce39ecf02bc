// Questions that follow from an answer are shown once it is given. Without JavaScript each stands
// below the sentence that says when to answer it, and the server listens to the same condition.
"use strict";

for (const part of document.querySelectorAll("[data-looks-at]")) {
  const form = part.closest("form");
  const { looksAt, wants } = part.dataset;
  const hint = part.querySelector(".hint");
  const follow = () => {
    const given = new FormData(form).getAll(looksAt);
    part.hidden = !given.includes(wants);
  };
  if (hint) hint.hidden = true;
  form.addEventListener("change", follow);
  follow();
}
