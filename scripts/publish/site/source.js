
// A source: its figures over time, its statements, and who relays it

function most(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

function statementsOf(own) {
  const byStatement = Map.groupBy(own, (claim) => claim.statement_id);
  const latest = [...byStatement.values()].sort(([one], [other]) => ((one.said_on ?? "") < (other.said_on ?? "") ? 1 : -1));
  const lines = latest.map((reports) => {
    const said = [...new Map(reports.map((claim) => [`${claim.wording} ${claim.metric}`, claim])).values()];
    const told = said.flatMap((claim, place) => [place ? "; " : "", inner("claim", claim.claim_id, ...words(claim)), ` ${claim.metric}`]);
    return make("li", {}, `${day(reports[0].said_on, reports[0].said_on_precision) || "day not known"}: `, ...told, ` (${counted(new Set(reports.map((claim) => claim.document_id)).size, "document")})`);
  });
  return folded(`Statements (${number(lines.length)})`, make("ul", {}, ...lines));
}

function relaysOf(id, own) {
  const through = most(own.flatMap((claim) => (claim.relays ? claim.relays.split(" > ") : [])));
  const printed = most(own.filter((claim) => claim.publisher_id).map((claim) => claim.publisher_id));
  const list = (pairs) => make("ul", {}, ...pairs.map(([source, count]) => make("li", {}, inner("source", source, data.sources[source]?.[0] ?? source), ` (${counted(count, "claim")})`)));
  return [
    ...through.length ? [folded(`Passed on by (${number(through.length)})`, list(through), through.length <= 12)] : [],
    ...printed.length ? [folded(`Printed by (${number(printed.length)})`, list(printed), printed.length <= 12)] : [],
  ];
}

/** The timelines that the source is in, and a place for the one that is chosen. */
function figuresOf(name) {
  const own = timelines.filter((one) => one.rows.some((row) => row.kind === "step" && row.source === name));
  if (!own.length) return [];
  const select = make("select", { id: "source-figures" });
  options(select, own.map((one, place) => [place, `${one.metric}: ${one.whose}`]));
  const draw = () => {
    const one = own[select.value];
    embedTimeline("source-timeline", one.rows.filter((row) => row.source === name), `${one.metric}: ${one.whose}, as ${name} had it`);
  };
  select.addEventListener("change", draw);
  queueMicrotask(draw);
  return [
    make("h3", { id: "source-figures-title" }, "Figures over time"),
    make("div", { class: "controls" }, make("label", {}, "What is counted ", select)),
    make("div", { class: "chart", id: "source-timeline", tabindex: "0", role: "group", "aria-labelledby": "source-figures-title" }),
  ];
}

function sourceParts(id) {
  const [name, kind, country, partOf] = data.sources[id];
  const own = claims.filter((claim) => claim.source_id === id);
  const printed = claims.filter((claim) => claim.publisher_id === id);
  return [
    make("dl", {}, ...term("kind", kind), ...term("country", country), ...term("part of", partOf ? inner("source", partOf, data.sources[partOf]?.[0] ?? partOf) : null),
      ...term("claims", own.length ? number(own.length) : "none of its own"), ...term("prints", printed.length ? counted(printed.length, "claim") : null)),
    ...figuresOf(name),
    ...own.length ? [statementsOf(own)] : [],
    ...relaysOf(id, own),
    make("p", {}, make("a", { href: "#claims" }, "Back to the claims"), ...data.records ? [" · ", make("a", { href: `records/sources/${id}.html` }, "This source as a page without script")] : []),
  ];
}

// What the address names: a claim, a source, or none

function open() {
  const [kind, id] = ["claim", "source"].map((kind) => [kind, address().get(kind)]).find(([, id]) => id) ?? [];
  const section = at("claim");
  section.hidden = !id;
  if (!id) return section.replaceChildren();
  if (kind === "source" && Object.hasOwn(data.sources, id)) {
    section.replaceChildren(make("h2", { id: "claim-title" }, data.sources[id][0]), ...sourceParts(id));
  } else if (kind === "source") {
    section.replaceChildren(make("h2", { id: "claim-title" }, `Source ${id}`), make("p", {}, "There is no such source in this version."));
  } else {
    section.replaceChildren(make("h2", { id: "claim-title" }, `Claim ${id}`), ...byId.has(id) ? claimParts(byId.get(id)) : [make("p", {}, ...gone(id))]);
  }
  section.focus();
  section.scrollIntoView();
}

addEventListener("hashchange", open);
open();
const ofAll = copier("Copy the citation", at("citation"));
ofAll.firstChild.id = "copy";
at("citation").after(ofAll);
