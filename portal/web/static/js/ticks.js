// Ticks all or none of a folded topic, and says on its summary how many are ticked. Without scripts each box does.
for (const topic of document.querySelectorAll("details.difference-topic")) {
  const told = topic.querySelector("[data-ticked]");
  if (!told) continue;
  const boxes = [...topic.querySelectorAll("input[type=checkbox]")];
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    told.textContent = ` · ${told.dataset.ticked.replace("{count}", count)}`;
  };
  for (const button of topic.querySelectorAll("[data-tick]")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      boxes.forEach((box) => { box.checked = button.dataset.tick === "all"; });
      tell();
    });
  }
  topic.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // the browser brings back what was ticked before
  tell();
}
