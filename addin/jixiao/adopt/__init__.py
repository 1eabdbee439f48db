"""Forms that we did not make: recognised by their labels and bound to the fields of an edition."""
