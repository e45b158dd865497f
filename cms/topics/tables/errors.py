"""Why a table is refused."""


class TableError(Exception):
    """Its text is for the person who handed the file in: Chinese, and says what to do next."""
