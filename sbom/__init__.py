"""What rxror is made of, for whoever looks up known weaknesses: a CycloneDX list, made without the network."""
