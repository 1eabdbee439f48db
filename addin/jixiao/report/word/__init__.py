"""Word: the templates we build, the check of a template that comes back restyled, and the rendering."""
