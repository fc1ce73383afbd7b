// Adds and removes rows of a table answer without leaving the page; without scripts the same buttons send the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row], [data-remove-row]");
  const question = button?.closest(".question[data-code]");
  if (!question) return;
  event.preventDefault();
  const body = question.querySelector(".rows-table tbody");
  if (button.matches("[data-add-row]")) {
    const row = add(question, body);
    number(question, body);
    row.querySelector("input, select").focus();
    return;
  }
  const row = button.closest("tr");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (!body.children.length) add(question, body);
  number(question, body);
  (next ?? body.firstElementChild).querySelector("input, select").focus();
  question.querySelector("table").dispatchEvent(new CustomEvent("rows", { bubbles: true }));
});

function add(question, body) {
  const highest = Math.max(-1, ...[...body.children].map((row) => Number(row.dataset.row)));
  const row = question.querySelector("[data-row-template]").content.querySelector("tr").cloneNode(true);
  const start = `${question.dataset.code}-9999-`;
  row.dataset.row = highest + 1;
  row.querySelector("th").id = `${question.dataset.code}-row-${highest + 1}`;
  for (const cell of row.querySelectorAll("[name]")) {
    if (cell.name.startsWith(start)) cell.name = `${question.dataset.code}-${highest + 1}-${cell.name.slice(start.length)}`;
    cell.setAttribute("aria-labelledby", (cell.getAttribute("aria-labelledby") ?? "").replace("-row-9999", `-row-${highest + 1}`));
  }
  row.querySelector("[data-remove-row]").removeAttribute("aria-labelledby");
  row.querySelector("[data-remove-row]").value = `${question.dataset.code}-${highest + 1}`;
  body.append(row);
  return row;
}

function number(question, body) {
  const words = question.querySelector(".rows-table").dataset.rowWords;
  [...body.children].forEach((row, at) => {
    const said = words.replace("{number}", at + 1);
    row.querySelector(".row-words").textContent = said;
    row.querySelector("[data-remove-row] .visually-hidden").textContent = ` ${said}`;
  });
}
