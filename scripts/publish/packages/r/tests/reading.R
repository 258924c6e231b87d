library(reportedfigures)

tables <- read_figures()
stopifnot(all(vapply(tables, nrow, 1L) > 0))
for (table in tables) {
  stopifnot(all(vapply(table, function(column) is.character(attr(column, "label")), NA)))
}
stopifnot(inherits(try(read_figures("claims", version = "no version"), silent = TRUE), "try-error"))
stopifnot(nrow(read_figures("claims", version = "<< first >>")) > 0)
stopifnot(nrow(read_figures("claims", known_on = "2025-01-31")) < nrow(tables$claims))
