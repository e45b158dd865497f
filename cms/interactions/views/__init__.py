"""What readers send: comments and votes. Plain forms first; htmx gets the fragment alone."""
