"""One sentence: what the rule protects the reader from.

Its words, patterns and samples stand in wording/<language>/gate.toml under [gate.<name of this file>].
"""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=True, look=phrases, source="Who asks for it, with article or page", read_on="2026-11-22")
