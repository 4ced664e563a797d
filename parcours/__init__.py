"""What a year's update of the demonstration's hospital costs a person, by the Keystroke-Level Model (`make parcours`)."""
