
// A claim: its way from the source to the page, its history, its citation, and how to report an error in it

function term(name, ...content) {
  return content.some((part) => part) ? [make("dt", {}, name), make("dd", {}, ...content)] : [];
}

function chain(claim) {
  const named = (id) => inner("source", id, data.sources[id]?.[0] ?? id);
  const said = claim.said_on ? `, ${day(claim.said_on, claim.said_on_precision)}` : ", day not known";
  const steps = [[inner("source", claim.source_id, claim.source), said], ...(claim.relays ? claim.relays.split(" > ").map((id) => [named(id)]) : [])];
  if (claim.derived_from) steps.unshift([`computed from ${claim.derived_from}`]);
  steps.push([link(quoted(claim), claim.title ?? claim.url), `, ${claim.publisher ?? "publisher not known"}, ${day(claim.published_on, claim.published_on_precision) || "undated"}`]);
  return make("ol", { class: "chain" }, ...steps.map((step) => make("li", {}, ...step)));
}

// The address of a page, at the quoted words where they are two or more
function quoted(claim) {
  const words = claim.wording.trim();
  return claim.url && /\s/.test(words) && !claim.url.includes("#") ? `${claim.url}#:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}` : claim.url;
}

// A text in which the key of a claim, as of the one that stands instead, is a link
function withLinks(text) {
  return text.split(/([a-z0-9-]+-[0-9]+)/).map((part) => (byId.has(part) ? inner("claim", part) : part));
}

// What became of a claim that is not there
function gone(id) {
  const line = changes.find((one) => one.change === "withdrawn" && one.resource === "claims" && one.key === id);
  if (!line) return ["There is no such claim in this version."];
  return [`The claim was withdrawn in version ${line.version} (${line.reason})`, ...(line.note ? [": ", ...withLinks(line.note)] : []), ". Its key is never given to another."];
}

function claimHistory(claim) {
  const first = data.releases[data.since[claims.indexOf(claim)]];
  const began = first ? `First in version ${first.version}, ${first.day}` : "Not in any release yet";
  const own = changes.filter((one) => one.change === "corrected" && one.resource === "claims" && one.key === claim.claim_id);
  const lines = own.map((one) => make("li", {}, `Version ${one.version}: `, ...correction(one)));
  return make("ul", { class: "history" }, make("li", {}, began), ...lines.length ? lines : [make("li", {}, "Never corrected")]);
}

/** The citation of a claim, in the form that `cite --claim` fills in. */
function citation(claim) {
  const cells = {
    wording: claim.wording, metric: claim.metric, source: claim.source, said: day(claim.said_on, claim.said_on_precision),
    publisher: claim.publisher, printed: day(claim.published_on, claim.published_on_precision),
    page: [(claim.title ?? "").replace(/\.$/, ""), claim.url].filter(Boolean).join(". "),
    claim_id: claim.claim_id, version: data.citation.version, content: data.citation.content + data.lines[claims.indexOf(claim)],
  };
  return data.citation.form.map(([text, name, blank]) => (cells[name] ? text.replace("{}", () => cells[name]) : blank)).join("");
}

function report(claim) {
  const coded = [claim.metric, claim.population, claim.place, claim.qualifier, claim.value ?? [claim.low, claim.high].filter((bound) => bound !== null).join("–"), claim.modality, claim.extent];
  return [
    `Error in: ${data.title}, version ${data.version}`,
    `Claim: ${claim.claim_id}`,
    `Words: “${claim.wording}”`,
    `Coded as: ${coded.filter((part) => part !== null && part !== "").join(", ")}`,
    `Said first by: ${claim.source}`,
    `Page: ${claim.url ?? claim.title ?? "address not known"}`,
    `Kind of error (keep one): ${data.reasons.join(", ")}`,
    "What the page says, and what should stand here: ",
  ].join("\n");
}

function claimParts(claim) {
  const others = claims.filter((other) => other.statement_id === claim.statement_id && other !== claim);
  const listed = others.map((other) => make("li", {}, inner("claim", other.claim_id), " ", ...words(other), ` ${other.metric}, ${other.publisher ?? "page"}`));
  const cited = make("p", { class: "citation" }, citation(claim));
  const reported = make("pre", { tabindex: "0" }, report(claim));
  return [
    make("p", { class: "words" }, ...words(claim), ` ${claim.metric}`),
    make("dl", {},
      ...term("number", number(claim.value)), ...term("at least", number(claim.low)), ...term("at most", number(claim.high)),
      ...term("hedged", claim.qualifier, claim.hedge ? `, ${claim.hedge}` : null), ...term("unit", claim.unit),
      ...term("whose", claim.population), ...term("where", claim.place),
      ...term("meant", `${claim.modality}, ${claim.extent}`),
      ...term("about", [claim.about_from, claim.about_to].filter(Boolean).join(" to ")),
      ...term("page credits", claim.credited_to ? data.sources[claim.credited_to]?.[0] ?? claim.credited_to : null),
      ...term("note", claim.note)),
    make("h3", {}, "From the source to the page"), chain(claim),
    ...others.length ? [folded(`Other reports of the same statement (${others.length})`, make("ul", {}, ...listed), others.length <= 8)] : [],
    make("h3", {}, "History"), claimHistory(claim),
    make("h3", {}, "Cite this claim"), cited, copier("Copy the citation", cited),
    make("details", {}, make("summary", {}, "Report an error"), make("p", {}, "Copy this text, say what is wrong, and send it to those who keep the dataset."), reported, copier("Copy the report", reported)),
    make("p", {}, make("a", { href: "#claims" }, "Back to the claims"), ...data.records ? [" · ", make("a", { href: `records/claims/${claim.claim_id}.html` }, "This claim as a page without script")] : []),
  ];
}
