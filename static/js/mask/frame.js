// The rectangle around the product: drawn on the photo, and as four numbers in percent.
const box = document.getElementById("mask-rectangle");
const fields = [...document.querySelectorAll("[data-side]")];

export function show(rectangle) {
  box.hidden = !rectangle;
  for (const field of fields) {
    if (document.activeElement !== field) field.value = rectangle ? (rectangle[field.dataset.side] * 100).toFixed(1) : "";
  }
  if (!rectangle) return;
  const { left, top, right, bottom } = rectangle;
  const share = (value) => `${value * 100}%`;
  Object.assign(box.style, { left: share(left), top: share(top), width: share(right - left), height: share(bottom - top) });
}

// Calls `take` with a rectangle as soon as the four fields make one, and `cut` when Enter is pressed in one of them.
export function onTyped(take, cut) {
  for (const field of fields) {
    field.addEventListener("change", () => {
      const typed = Object.fromEntries(fields.map(({ dataset, value }) => [dataset.side, value === "" ? NaN : value / 100]));
      const isWhole = Object.values(typed).every((value) => value >= 0 && value <= 1);
      if (isWhole && typed.left < typed.right && typed.top < typed.bottom) take(typed);
    });
    field.addEventListener("keydown", ({ key }) => {
      if (key !== "Enter") return;
      field.dispatchEvent(new Event("change")); // what was typed counts before the field is left
      cut();
    });
  }
}
