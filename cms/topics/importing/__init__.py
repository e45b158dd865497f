"""Tables of the hotline and of surveys, row by row: which column holds what, who called, which rows
can be taken in. Writes nothing; `cms.topics.services.imports` does."""
