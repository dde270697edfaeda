"""The settings of the documentation's site, which `./dev docs` builds."""

import metate

project = "Metate"
copyright = "the Metate maintainers"
release = version = metate.build_info()["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
html_theme = "pydata_sphinx_theme"
html_title = "Metate"
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": False}

myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing"]  # links to folders of the source tree, which are for readers there

# Docstrings are NumPy's kind, with names and code between single backticks or double ones.
default_role = "literal"
napoleon_google_docstring = False
napoleon_custom_sections = [("Options", "params_style")]
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": False}
autodoc_typehints = "none"
