// A line under the pointer shows all that belongs to it; a click brings its code of the open stage into view, another one
// the next piece of it.
for (const version of document.querySelectorAll(".version")) {
  const places = new Map();
  for (const element of version.querySelectorAll("[data-l]")) {
    const line = element.dataset.l;
    places.set(line, [...(places.get(line) ?? []), element]);
  }
  const mark = (event, on) => {
    const element = event.target.closest("[data-l]");
    for (const each of element ? places.get(element.dataset.l) : []) each.classList.toggle("hit", on);
  };
  version.addEventListener("mouseover", (event) => mark(event, true));
  version.addEventListener("mouseout", (event) => mark(event, false));
  let clicked = null;
  let next = 0;
  version.addEventListener("click", (event) => {
    const element = event.target.closest("[data-l]");
    if (!element) return;
    const wanted = element.closest(".stages") ? ".source" : ".stages details[open]";
    const starts = places.get(element.dataset.l).filter(
      (each) => each.closest(wanted) && each.previousElementSibling?.dataset.l !== each.dataset.l);
    next = element === clicked ? next + 1 : 0;
    clicked = element;
    if (starts.length > 0) starts[next % starts.length].scrollIntoView({ block: "center" });
  });
}
