// A table of people by the keyboard: up and down (or K and J) go from row to row, the space bar
// ticks the row, Enter follows its link as links do. Without JavaScript Tab does the same.
"use strict";

for (const table of document.querySelectorAll("[data-rows]")) {
  const links = [...table.querySelectorAll("tbody th a")];
  table.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return;
    const row = press.target.closest("tbody tr");
    if (!row) return;
    const here = links.indexOf(row.querySelector("th a"));
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[press.key];
    if (step && links[here + step]) {
      press.preventDefault();
      links[here + step].focus();
    } else if (press.key === " " && press.target.matches("a")) {
      press.preventDefault();
      row.querySelector("input[type=checkbox]").click();
    }
  });
}
