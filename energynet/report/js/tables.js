// Tables are sorted by a press on a head: numbers the largest first, words by the alphabet.
function listenTables() {
  for (const table of document.querySelectorAll("table[data-table]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, k) => head.querySelector(".sort")?.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : head.classList.contains("n");
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      const value = (row) => row.cells[k].dataset.sort ?? row.cells[k].textContent;
      const numeric = head.classList.contains("n");
      rows.sort((a, b) => (numeric ? Number(value(a) || 0) - Number(value(b) || 0) : value(a).localeCompare(value(b))) * (down ? -1 : 1));
      table.tBodies[0].append(...rows);
    }));
  }
}
