"""What Excel calls: the buttons of the ribbon."""
