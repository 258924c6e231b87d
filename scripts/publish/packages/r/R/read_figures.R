# The data of the installed package: tables and views of today, and as they were in earlier versions.

read_figures <- function(name = NULL, version = NULL, released_by = NULL, known_on = NULL) {
  if (is.null(name)) {
    if (!is.null(version) || !is.null(released_by) || !is.null(known_on)) {
      stop("name a table or view to be read as it was, as in read_figures(\"claims\", version = \"",
        figures_history$versions[[1]]$version, "\")",
        call. = FALSE
      )
    }
    return(lapply(figures_descriptor$resources, figures_installed))
  }
  if (!is.character(name) || length(name) != 1 || !name %in% names(figures_descriptor$resources)) {
    stop("there is no table or view ", paste(name, collapse = ", "), "; there are ",
      paste(names(figures_descriptor$resources), collapse = ", "),
      call. = FALSE
    )
  }
  number <- figures_version(version, released_by)
  table <- if (is.null(number)) figures_installed(figures_descriptor$resources[[name]]) else figures_at(name, number)
  if (is.null(known_on)) table else figures_known(table, name, number, figures_day(known_on, "known_on"))
}

figures_installed <- function(resource) {
  figures_table(system.file("extdata", package = "reportedfigures", mustWork = TRUE), resource, figures_descriptor)
}

# The version that is meant, NULL for the one that the package holds.
figures_version <- function(version, released_by) {
  if (is.null(version) && is.null(released_by)) {
    return(NULL)
  }
  if (!is.null(version) && !is.null(released_by)) {
    stop("name a version or the day by which it was released, not both", call. = FALSE)
  }
  number <- if (is.null(version)) figures_released_by(figures_day(released_by, "released_by")) else version
  known <- figures_versions("version")
  if (!is.character(number) || length(number) != 1 || !number %in% known) {
    stop("there is no version ", paste(number, collapse = ", "), "; there are ", paste(known, collapse = ", "),
      call. = FALSE
    )
  }
  if (number != known[length(known)]) number
}

figures_versions <- function(what) {
  vapply(figures_history$versions, function(version) version[[what]], "")
}

figures_released_by <- function(day) {
  versions <- figures_versions("version")
  days <- figures_versions("released_on")
  dated <- nzchar(days)
  found <- versions[dated & days <= day]
  if (length(found) == 0) {
    stop("nothing was released by ", day, "; there are ",
      paste0(versions[dated], " (", days[dated], ")", collapse = ", "), "; `known_on` is the day of publication",
      call. = FALSE
    )
  }
  found[length(found)]
}

# A table or view as a version had it.
figures_at <- function(name, number) {
  versions <- figures_versions("version")
  if (!name %in% names(figures_history$resources)) {
    stop(name, " can be read as of version ", versions[length(versions)], " alone, ",
      paste(names(figures_history$resources), collapse = ", "),
      " as of every version, from which it can be computed",
      call. = FALSE
    )
  }
  history <- figures_installed(figures_history$resources[[name]])
  at <- match(number, versions)
  until <- match(history$until, versions)
  keep <- match(history$since, versions) <= at & (is.na(until) | at < until)
  table <- figures_rows(history, keep, setdiff(names(history), c("since", "until")))
  attr(table, "version") <- number
  attr(table, "citation") <- figures_versions("citation")[at]
  table
}

# Rows and columns of a table, with the attributes of both, which subsetting drops.
figures_rows <- function(table, keep, columns = names(table)) {
  rows <- table[which(keep), columns, drop = FALSE]
  rownames(rows) <- NULL
  for (column in columns) attr(rows[[column]], "label") <- attr(table[[column]], "label")
  for (said in c("version", "citation", "license")) attr(rows, said) <- attr(table, said)
  rows
}

# The claims that were surely in print by a day; an undated one never was.
figures_known <- function(table, name, number, day) {
  if (!name %in% c("claims", "claims_wide")) {
    stop("`known_on` picks claims by the day on which they were in print; it goes with claims and claims_wide, not with ",
      name,
      call. = FALSE
    )
  }
  wide <- if (name == "claims_wide") table else read_figures("claims_wide", version = number)
  known <- wide$claim_id[which(figures_last_day(wide$published_on, wide$published_on_precision) <= as.Date(day))]
  figures_rows(table, table$claim_id %in% known)
}

# The last day that a day of publication can be, of which the first is known.
figures_last_day <- function(first, precision) {
  year <- as.integer(format(first, "%Y"))
  month <- as.integer(format(first, "%m"))
  of_month <- as.Date(ISOdate(year + month %/% 12, month %% 12 + 1, 1)) - 1
  of_year <- as.Date(ISOdate(year, 12, 31))
  last <- as.Date(ifelse(precision == "month", of_month, ifelse(precision == "year", of_year, first)), "1970-01-01")
  last[is.na(precision)] <- NA
  last
}

# A day as YYYY-MM-DD.
figures_day <- function(given, argument) {
  text <- if (inherits(given, c("Date", "POSIXt"))) format(given, "%Y-%m-%d") else as.character(given)
  if (length(text) != 1 || !grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text) || is.na(as.Date(text, format = "%Y-%m-%d"))) {
    stop(argument, " is ", paste(text, collapse = ", "), "; write a day, as in ", argument, " = \"2025-01-31\"",
      call. = FALSE
    )
  }
  text
}
