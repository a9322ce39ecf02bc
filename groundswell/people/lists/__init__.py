"""Tables of people: whom (``wishes``) and which columns (``columns``). Nothing here writes."""
