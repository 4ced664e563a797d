"""The screens: the only package that imports Reflex, with rxror.rxror."""
