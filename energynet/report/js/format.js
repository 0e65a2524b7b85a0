// Numbers for people, as bind.py writes them: commas between thousands, a real minus sign, a bare 0 for zero, a dash for nothing.
function number(value, digits = 0) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return "0";
  const [whole, part] = text.split(".");
  const sign = value < 0 ? "\u2212" : "";
  return sign + whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (part ? "." + part : "");
}

function percent(share, digits = 0) {
  return share === null || share === undefined || !Number.isFinite(share) ? "–" : number(100 * share, digits) + "\u202f%";
}

// An element with text in it. Text from data is only ever set as text, never as markup.
function element(tag, text, ...children) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
