"""Settings as forms: shape → tree → checked → nodes that the templates draw.

`shape` reads a pydantic class, `tree` reads what was posted, `check` validates it and says each
error at its place, `nodes` makes what the templates show.
"""

from agents.panels.forms.check import Checked, check
from agents.panels.forms.nodes import Form, Place
from agents.panels.forms.tree import edit, read, tree_of

__all__ = ["Checked", "Form", "Place", "check", "edit", "read", "tree_of"]
