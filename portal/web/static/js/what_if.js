// Works the scratch copy out again after every change, through the form's own address; without scripts its button does.
const PAUSE = 350;
const form = document.querySelector("form[data-what-if]");

if (form) {
  let timer = 0;
  let latest = 0;
  const soon = (pause) => { clearTimeout(timer); timer = setTimeout(workOut, pause); };
  form.addEventListener("input", (event) => { if (event.target.matches("input[type=text], textarea")) soon(PAUSE); });
  form.addEventListener("change", (event) => { noneOrSome(event.target); soon(0); });
  form.addEventListener("rows", () => soon(0));
  form.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-clear]");
    if (!clear) return;
    event.preventDefault();
    clear.closest("[data-code]").querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
    soon(0);
  });

  async function workOut() {
    const turn = ++latest;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) throw new Error("not worked out");
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (turn === latest) show(page);
    } catch {
      if (turn === latest) form.querySelector("[data-result]").textContent = form.dataset.failed;
    }
  }

  function show(page) {
    for (const part of ["[data-result]", "[data-topics]"]) form.querySelector(part).innerHTML = page.querySelector(part).innerHTML;
    form.querySelector("[data-scratch]").value = page.querySelector("[data-scratch]").value;
    for (const fresh of page.querySelectorAll("article[data-code]")) {
      const shown = document.getElementById(fresh.id);
      if (!shown) continue;
      shown.hidden = fresh.hidden;
      shown.classList.toggle("question-wrong", fresh.classList.contains("question-wrong"));
      for (const part of ["[data-points]", ".question-problems"]) shown.querySelector(part).innerHTML = fresh.querySelector(part).innerHTML;
    }
  }

  // "None of these" and the other boxes exclude each other.
  function noneOrSome(target) {
    const question = target.closest?.("[data-code]");
    if (!question || target.type !== "checkbox" || !target.checked) return;
    const none = question.querySelector(`[name="${question.dataset.code}-none"]`);
    if (target === none) question.querySelectorAll(`[name="${question.dataset.code}"]`).forEach((box) => { box.checked = false; });
    else if (none) none.checked = false;
  }
}
