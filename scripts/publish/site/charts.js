// Charts

function embed(id, spec, label) {
  const text = JSON.stringify(spec);
  const ready = JSON.parse(dark.matches ? text.replace(/"(#[0-9a-f]{6}|white|black)"/g, (all, ink) => (ink in data.dark ? `"${data.dark[ink]}"` : all)) : text);
  if (dark.matches) {
    ready.config.axis = { ...ready.config.axis, labelColor: "#e8edf4", titleColor: "#e8edf4", domainColor: "#7c8a9b", tickColor: "#7c8a9b" };
    ready.config.header = { labelColor: "#e8edf4" };
  }
  ready.description = label;
  const options = { mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "canvas", tooltip: tip };
  return vegaEmbed(at(id), ready, options).then((result) => {
    const canvas = at(id).querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    result.view.addEventListener("click", (event, item) => {
      if (item?.datum?.claim_id) location.hash = `claim=${encodeURIComponent(item.datum.claim_id)}`;
    });
    at(id).dataset.drawn = "true";
    performance.mark(`${id} drawn`);
  });
}

const TOLD = { wording: "“…”", source: "said by", publisher: "printed by", published_on: "on", claim_id: "claim" };

function tip(handler, event, item, value) {
  const box = at("tip");
  if (!value) {
    box.hidden = true;
    return;
  }
  box.textContent = Object.entries(value)
    .map(([name, text]) => (name === "wording" ? `“${text}”` : `${TOLD[name] ?? name} ${text}`))
    .join("\n");
  box.hidden = false;
  box.style.left = `${Math.min(event.clientX + 12, innerWidth - box.offsetWidth - 8)}px`;
  box.style.top = `${Math.min(event.clientY + 12, innerHeight - box.offsetHeight - 8)}px`;
}

addEventListener("keydown", (event) => { if (event.key === "Escape") at("tip").hidden = true; });

const size = () => (at("charts").clientWidth < 700 ? "phone" : "print");
const FIRST = Object.keys(data.pictures)[0]; // what the reader came for is drawn before anything else is made
await drawPicture(FIRST).catch(reportError);

const timelines = data.timelines.map(({ metric, whose, steps, reports }) => ({ metric, whose, rows: [...unpacked(steps), ...unpacked(reports)] }));
const current = () => timelines.find((one) => one.metric === at("metric").value && one.whose === at("whose").value);

/** Choose a timeline; what there is none of is left as it is. */
function choose(metric, whose, only) {
  const known = timelines.find((one) => one.metric === metric) ?? timelines[0];
  const same = timelines.filter((one) => one.metric === known.metric).map((one) => one.whose);
  at("metric").value = known.metric;
  options(at("whose"), same.map((text) => [text, text]));
  if (same.includes(whose)) at("whose").value = whose;
  const sources = [...new Set(current().rows.map((row) => row.source))];
  const boxes = sources.map((source) => {
    const box = make("input", { type: "checkbox", value: source });
    box.checked = !only || only.includes(source);
    box.addEventListener("change", redraw);
    return make("label", {}, box, source);
  });
  const every = (text, checked) => {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      for (const box of at("sources").querySelectorAll("input")) box.checked = checked;
      redraw();
    });
    return button;
  };
  at("sources").querySelector("fieldset").replaceChildren(
    make("legend", {}, "Show"), make("p", {}, every("All", true), " ", every("None", false)), ...boxes);
}

/** Draw the timeline as it is chosen, and keep the choice in the address. */
function redraw() {
  const boxes = [...at("sources").querySelectorAll("input")];
  const shown = boxes.filter((box) => box.checked).map((box) => box.value);
  keep({ metric: at("metric").value, whose: at("whose").value, only: shown.length < boxes.length ? shown.join("|") : "" });
  drawTimeline();
}

function drawTimeline() {
  const shown = new Set([...document.querySelectorAll("#sources input:checked")].map((box) => box.value));
  const rows = current().rows.filter((row) => shown.has(row.source));
  if (!rows.length) return at("timeline").replaceChildren("No source is chosen.");
  const title = `${at("metric").value}: ${at("whose").value}, as each source had it`;
  at("timeline-title").textContent = title;
  return embedTimeline("timeline", rows, title);
}

function embedTimeline(id, rows, title) {
  const spec = structuredClone(data.timeline[size()]);
  const days = rows.map((row) => Date.parse(row.day) / 864e5);
  const top = Math.max(1, ...rows.filter((row) => row.kind === "step").map((row) => row.highest));
  spec.data.values = rows;
  spec.facet.row.sort = [...new Set(rows.map((row) => row.source))];
  spec.spec.width = Math.max(120, at(id).clientWidth - 120);
  spec.facet.row.header.labelLimit = spec.spec.width + 48;
  const given = { axis_width: spec.spec.width, axis_days: Math.max(...days) - Math.min(...days) };
  for (const param of spec.params) param.value = given[param.name];
  for (const layer of spec.spec.layer) if (layer.encoding.y.scale) layer.encoding.y.scale.domain = [0, top * 1.45];
  const steps = rows.filter((row) => row.label).map((row) => `${row.source} ${row.label} from ${row.day}`);
  return embed(id, spec, `${title}. ${steps.join("; ")}`);
}

function drawPicture(name) {
  const picture = data.pictures[name];
  const spec = structuredClone(picture[size()]);
  const width = at(name).clientWidth - 8;
  if (spec.autosize) spec.width = width;
  else widen(spec, width - 24);
  return embed(name, spec, picture.label);
}

/** Widen a chart; what stands beside its bars keeps its room. */
function widen(chart, width) {
  for (const { encoding, mark } of chart.layer) {
    if (encoding.x?.scale) encoding.x.scale.range[1] += width - chart.width;
    if (mark.limit) mark.limit += Math.min(0, width - chart.width);
  }
  chart.width = width;
}

/** Draw all charts but the first, each when the one before it is there. */
async function drawOthers() {
  await drawTimeline();
  for (const name of Object.keys(data.pictures).filter((name) => name !== FIRST)) {
    await new Promise((ready) => setTimeout(ready));
    await drawPicture(name);
  }
}

async function drawCharts() {
  await drawPicture(FIRST);
  await drawOthers();
}

function chooseAsAddressed() {
  const chosen = address();
  if (chosen.has("metric")) choose(chosen.get("metric"), chosen.get("whose"), chosen.get("only")?.split("|"));
  return chosen.has("metric");
}

options(at("metric"), [...new Set(timelines.map((one) => one.metric))].map((text) => [text, text]));
at("metric").addEventListener("change", () => { choose(at("metric").value); redraw(); });
at("whose").addEventListener("change", () => { choose(at("metric").value, at("whose").value); redraw(); });
addEventListener("hashchange", () => { if (chooseAsAddressed()) drawTimeline(); });
if (!chooseAsAddressed()) choose();
drawOthers();
dark.addEventListener("change", drawCharts);

let drawnAt = innerWidth;
let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (innerWidth !== drawnAt) drawCharts();
    drawnAt = innerWidth;
  }, 200);
});

