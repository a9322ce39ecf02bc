"""Reading lists of people that others wrote: files, columns, cells. Pure: nothing here writes,
and nothing here knows who is in the database (``people.operations.imports`` does both)."""
