"""Who asks for the controls: the documents that they cite, with the day on which the wording was last compared."""

from datetime import date

from amanat.prepare.control import Source

# The numbers and titles of these two were compared on that day in public copies of the lists.
_COMPARED = date(2026, 11, 22)


def cis(cite: str) -> Source:
    """A safeguard of the CIS Critical Security Controls."""
    return Source("CIS Critical Security Controls v8.1", cite, "https://www.cisecurity.org/controls/v8-1", _COMPARED)


def nist(cite: str) -> Source:
    """An outcome of the NIST Cybersecurity Framework 2.0."""
    return Source("NIST Cybersecurity Framework 2.0 (CSWP 29)", cite, "https://doi.org/10.6028/NIST.CSWP.29", _COMPARED)


def gdpr(cite: str) -> Source:
    """An article of the General Data Protection Regulation."""
    return Source("Regulation (EU) 2016/679 (GDPR)", cite, "https://eur-lex.europa.eu/eli/reg/2016/679/oj")


def nis2(cite: str) -> Source:
    """An article of the NIS 2 directive."""
    return Source("Directive (EU) 2022/2555 (NIS 2)", cite, "https://eur-lex.europa.eu/eli/dir/2022/2555/oj")


def cnil(cite: str) -> Source:
    """A sheet of the CNIL's guide."""
    return Source(
        "CNIL, Guide de la sécurité des données personnelles (2024)", cite, "https://www.cnil.fr/fr/guide-de-la-securite-des-donnees-personnelles"
    )


def enisa(cite: str) -> Source:
    """ENISA's handbook for small and middle-sized companies."""
    return Source(
        "ENISA, Handbook on Security of Personal Data Processing (2017)",
        cite,
        "https://www.enisa.europa.eu/publications/handbook-on-security-of-personal-data-processing",
    )


def rfc(number: int, cite: str = "") -> Source:
    """A standard of the IETF."""
    return Source(f"RFC {number}", cite, f"https://www.rfc-editor.org/rfc/rfc{number}")
