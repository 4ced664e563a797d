"""What a year's update of a hospital costs a person, by the Keystroke-Level Model (`make parcours`)."""
