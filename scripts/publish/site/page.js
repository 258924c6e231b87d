const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");

/** The rows of a table as objects; a column is its cells, or the distinct ones and the place of each row's among them. */
function unpacked({ rows, columns }) {
  const cells = Object.entries(columns).map(([name, column]) => [name, Array.isArray(column) ? column : column.at.map((place) => column.of[place])]);
  return Array.from({ length: rows }, (_, row) => Object.fromEntries(cells.map(([name, column]) => [name, column[row]])));
}

/** An element with text or elements in it; text is only ever text. */
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content.filter((part) => part !== null && part !== ""));
  return element;
}

/** A link where the address is one of the web, else its text. */
function link(address, text) {
  return /^https?:\/\//i.test(address) ? make("a", { href: address, rel: "noopener noreferrer" }, text) : text;
}

/** The words of a claim in their quotes, whichever way they are written. */
function words(claim) {
  return ["“", make("bdi", {}, claim.wording), "”"];
}

/** A link to what this page shows of a claim or source. */
function inner(kind, id, ...text) {
  return make("a", { href: `#${kind}=${encodeURIComponent(id)}` }, ...(text.length ? text : [id]));
}

function day(text, precision) {
  return text ? text.slice(0, { year: 4, month: 7 }[precision] ?? 10) : "";
}

function number(value) {
  return value === null ? "" : value.toLocaleString("en");
}

function counted(count, one, more = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : more}`;
}

function options(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => make("option", { value }, text)));
}

function folded(title, content, open = false) {
  return make("details", open ? { open: "" } : {}, make("summary", {}, title), content);
}

/** A button that copies the text of an element, and says so. */
function copier(label, element) {
  const said = make("span", { role: "status" });
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(element);
      said.textContent = "Selected: copy it with the keyboard.";
    }
  });
  return make("p", { class: "copy" }, button, " ", said);
}

// The address has what is chosen: #claim=… or #source=…, and the filters that are not as they are at first

function address() {
  return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
}

/** Keep what is chosen in the address, without a step in the history; what is blank is left out. */
function keep(chosen) {
  const kept = address();
  for (const [name, value] of Object.entries(chosen)) value ? kept.set(name, value) : kept.delete(name);
  history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname + location.search);
}
