# Read the tables and views of this folder into data frames, in the types that datapackage.json states.
#
#     source("figures.R")
#     claims <- read_figures(".", "claims_wide")
#     all <- read_figures("figures.zip")      # a list of all tables and views, by name
#
# Base R alone (4.0 or newer); jsonlite is used where it is installed. Blank cells are NA. Whole numbers are integer, or
# double where one is beyond integer; days are Date; enumerations are factors in the order of the schema. Version,
# citation and licence are attributes of each data frame: attr(claims, "citation"). What a column means is its label:
# attr(claims$value, "label").

read_figures <- function(folder = ".", name = NULL) {
  if (grepl("\\.zip$", folder)) {
    unpacked <- tempfile("figures")
    utils::unzip(folder, exdir = unpacked)
    found <- list.files(unpacked, "^datapackage\\.json$", recursive = TRUE, full.names = TRUE)
    folder <- dirname(found[which.min(nchar(found))])
  }
  descriptor <- figures_json(file.path(folder, "datapackage.json"))
  resources <- descriptor$resources
  names(resources) <- vapply(resources, function(resource) resource$name, "")
  if (is.null(name)) {
    return(lapply(resources, function(resource) figures_table(folder, resource, descriptor)))
  }
  if (!name %in% names(resources)) {
    stop("there is no table or view ", name, "; there are ", paste(names(resources), collapse = ", "), call. = FALSE)
  }
  figures_table(folder, resources[[name]], descriptor)
}

figures_table <- function(folder, resource, descriptor) {
  path <- file.path(folder, resource$path)
  names <- vapply(resource$schema$fields, function(field) field$name, "")
  cells <- utils::count.fields(path, sep = ",", quote = "\"", comment.char = "", blank.lines.skip = FALSE)
  wrong <- which(is.na(cells) | cells != length(names))
  if (length(wrong) > 0) {
    count <- cells[wrong[1]]
    what <- if (is.na(count)) "a quote without its end" else paste0(count, " cells, not ", length(names))
    stop(resource$path, ":", wrong[1], ": ", what, ": another program wrote the line", call. = FALSE)
  }
  table <- utils::read.csv(
    path,
    colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE
  )
  if (!identical(names(table), names)) {
    stop(resource$path, ":1: the columns are not those of datapackage.json: another program wrote the file", call. = FALSE)
  }
  for (field in resource$schema$fields) {
    figures_check(table[[field$name]], field, resource$path)
    table[[field$name]] <- figures_column(table[[field$name]], field)
    attr(table[[field$name]], "label") <- field$description
  }
  attr(table, "version") <- descriptor$version
  attr(table, "citation") <- descriptor$bibliographicCitation
  attr(table, "license") <- descriptor$licenses[[1]]$name
  table
}

# Stop with file, line and column where a cell is not written as its schema says, as after a spreadsheet saved it.
figures_check <- function(column, field, path) {
  levels <- unlist(field$constraints$enum)
  pattern <- switch(field$type,
    integer = "^-?[0-9]+$",
    number = "^-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?$",
    boolean = "^(true|false)$",
    date = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    ""
  )
  unread <- which(!validUTF8(column))
  if (length(unread) > 0) {
    stop(path, ":", unread[1] + 1, ": ", field$name, ": the cell is not UTF-8: another program wrote it", call. = FALSE)
  }
  good <- if (!is.null(levels)) column %in% levels else grepl(pattern, column)
  if (field$type == "date") good <- good & !is.na(as.Date(column, format = "%Y-%m-%d"))
  bad <- which(!is.na(column) & !good)
  if (length(bad) > 0) {
    what <- if (!is.null(levels)) paste("one of", paste(levels, collapse = ", ")) else paste("a cell of type", field$type)
    stop(path, ":", bad[1] + 1, ": ", field$name, ": ", column[bad[1]], " is not ", what, ": another program wrote it",
      call. = FALSE
    )
  }
}

figures_column <- function(column, field) {
  levels <- field$constraints$enum
  if (!is.null(levels)) {
    return(factor(column, levels = unlist(levels)))
  }
  switch(field$type,
    integer = figures_integer(column),
    number = as.double(column),
    boolean = column == "true",
    date = as.Date(column, format = "%Y-%m-%d"),
    column
  )
}

figures_integer <- function(column) {
  numbers <- as.double(column)
  if (any(abs(numbers) > 2^53, na.rm = TRUE)) {
    stop("a whole number is beyond what R holds without loss", call. = FALSE)
  }
  if (all(abs(numbers) <= .Machine$integer.max, na.rm = TRUE)) as.integer(numbers) else numbers
}

# The descriptor as nested lists.
figures_json <- function(path) {
  text <- paste(readLines(path, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  if (requireNamespace("jsonlite", quietly = TRUE)) {
    return(jsonlite::fromJSON(text, simplifyVector = FALSE))
  }
  token <- "\"(?:[^\"\\\\]|\\\\.)*\"|[][{}:,]|[^][{}:,\"\\s]+"
  figures_parse(regmatches(text, gregexpr(token, text, perl = TRUE))[[1]])
}

# JSON (RFC 8259) from its tokens, by recursive descent.
figures_parse <- function(tokens) {
  at <- 0L
  following <- function() {
    at <<- at + 1L
    tokens[[at]]
  }
  value <- function(token = following()) {
    switch(substr(token, 1, 1),
      "{" = members("}", TRUE),
      "[" = members("]", FALSE),
      "\"" = figures_string(token),
      t = TRUE,
      f = FALSE,
      n = NULL,
      as.double(token)
    )
  }
  members <- function(end, named) {
    found <- list()
    while ((token <- following()) != end) {
      if (token == ",") next
      if (named) {
        key <- figures_string(token)
        following()
        found[key] <- list(value())
      } else {
        found <- c(found, list(value(token)))
      }
    }
    found
  }
  value()
}

figures_string <- function(token) {
  text <- substr(token, 2, nchar(token) - 1)
  if (!grepl("\\", text, fixed = TRUE)) {
    return(text)
  }
  parts <- regmatches(text, gregexpr("\\\\u[0-9A-Fa-f]{4}|\\\\.|[^\\\\]+", text, perl = TRUE))[[1]]
  plain <- c("\\n" = "\n", "\\t" = "\t", "\\r" = "\r", "\\b" = "\b", "\\f" = "\f")
  paste(vapply(parts, function(part) {
    if (substr(part, 1, 1) != "\\") return(part)
    if (part %in% names(plain)) return(plain[[part]])
    if (substr(part, 2, 2) == "u") return(intToUtf8(strtoi(substr(part, 3, 6), 16L)))
    substr(part, 2, 2)
  }, ""), collapse = "")
}
